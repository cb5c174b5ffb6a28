// The latest value per logical key of a topic.
//
// Two byte encodings of one key (a key schema that changed) and two partitions (writers that partition differently) are
// one row. Which record is the latest:
//   1. in one partition the higher offset, whatever the timestamps: the log's order is the truth;
//   2. between partitions, whose orders know nothing of each other, the later timestamp of each partition's latest
//      record; at equal timestamps the higher partition, so that every reader gives the same answer.
// A tombstone counts as any record: when it is the latest, the row is gone, also where an older record lives on under
// another encoding. (Compaction removes tombstones after delete.retention.ms, and then that older record would be the
// latest again: duplicates() names such keys, and `omashu delete` writes a tombstone for every encoding.)
//
// Records may be applied in any order of partitions, and again: the outcome is the same. No socket, no clock; not
// thread-safe.
//
// In memory, a row is 64 bytes and one block that holds its key, the key's encoding and the value. Rows are found by a
// hash of the logical key in a table of their numbers; they keep their numbers.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "table/row.h"

namespace omashu::table {

class LatestTable {
 public:
  // Whether the row changed: not where the record is older than what the row shows, or a tombstone for nothing.
  bool apply(const Record& record);

  // The row of a key that was ever seen; deleted ones have no value. Nothing where it never was.
  std::optional<Row> find(std::string_view key) const;

  // The rows that are not deleted, by key, until `visit` returns false.
  void for_each_row_by_key(const std::function<bool(const Row&)>& visit) const;
  // The same in no order, and all of them.
  void for_each_row(const std::function<void(const Row&)>& visit) const;
  size_t size() const { return live_; }

  // A logical key with more than one live record: compaction will keep them all.
  struct Duplicate {
    std::string_view key;
    std::vector<Position> positions;  // the shown one first
  };
  std::vector<Duplicate> duplicates() const;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  // The last record of one byte encoding of the key in one partition.
  struct Version {
    kafka::Offset offset = 0;
    int64_t timestamp_ms = -1;
    std::unique_ptr<char[]> bytes;  // the logical key in a row's first version, the encoding, the value
    uint32_t capacity = 0;
    uint32_t key_bytes_size = 0;
    uint32_t value_size = kNone;  // kNone: a tombstone
    kafka::PartitionId partition = 0;
    uint32_t next = kNone;  // in others_: the next version of the row
  };
  struct Entry {
    Version first;
    uint32_t key_size = 0;
    uint32_t hash = 0;
    uint32_t latest = kNone;  // in others_, kNone: the first version
  };

  static uint32_t hash_of(std::string_view key);
  uint32_t* find_slot(std::string_view key, uint32_t hash);
  const Entry* find_entry(std::string_view key) const;
  void grow_slots();

  static void store(Version& version, std::string_view key, const Record& record);
  const Version& latest_of(const Entry& entry) const {
    return entry.latest == kNone ? entry.first : others_[entry.latest];
  }
  // `key_size` is what stands before the encoding.
  static std::string_view key_bytes_of(const Version& version, uint32_t key_size);
  void find_latest(Entry& entry) const;
  Row row_of(const Entry& entry) const;
  template <class Visit>
  void for_each_version(const Entry& entry, const Visit& visit) const;  // visit(version, number)

  std::deque<Entry> entries_;    // in the order in which their keys were seen first
  std::deque<Version> others_;   // versions beyond the first of a row: there are few
  std::vector<uint32_t> slots_;  // open addressing: numbers of entries_, kNone where free; a power of two
  size_t live_ = 0;
};

}  // namespace omashu::table
