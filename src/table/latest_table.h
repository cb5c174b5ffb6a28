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

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "table/row.h"

namespace omashu::table {

class LatestTable {
 public:
  // Whether the row changed: not where the record is older than what the row shows, or a tombstone for nothing.
  bool apply(Record record);

  // The row of a key that was ever seen; deleted ones have no value. Nothing where it never was.
  std::optional<Row> find(std::string_view key) const;

  // The rows that are not deleted, by key.
  std::vector<Row> rows() const;
  size_t size() const { return live_; }

  // A logical key with more than one live record: compaction will keep them all.
  struct Duplicate {
    std::string_view key;
    std::vector<Position> positions;  // the shown one first
  };
  std::vector<Duplicate> duplicates() const;

 private:
  // The last record of one byte encoding of the key in one partition.
  struct Version {
    std::string key_bytes;
    std::optional<std::string> value;
    Position position;
    int64_t timestamp_ms = -1;
  };
  struct Versions {
    std::vector<Version> all;  // one, save for duplicates
    size_t latest = 0;
  };

  static size_t find_latest(const std::vector<Version>& versions);
  static Row row_of(std::string_view key, const Versions& versions);

  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, Versions, Hash, std::equal_to<>> keys_;
  size_t live_ = 0;
};

}  // namespace omashu::table
