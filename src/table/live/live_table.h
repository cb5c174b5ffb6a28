// A table that is kept up to date: what a topic's latest records say now, for many readers at once.
//
// One reader of the topic (table_reader.h) feeds the store, the changes that watchers hear of, and the status. Every
// change is seen in the store before anybody hears of it. Thread-safe; nothing here waits, but for what says so.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "table/live/change_feed.h"
#include "table/live/live_row.h"
#include "table/live/transition_watch.h"
#include "table/position_set.h"
#include "table/store/table_store.h"
#include "table/typed_topic.h"

namespace omashu::table {

enum class RowState : uint8_t {
  kFound,
  kDeleted,    // by a tombstone that is still known, or hidden by the table's ttl
  kNeverSeen,  // the whole topic was read, and the key is not in it
  kNotYetSeen  // the topic is still being read: the key may come
};

struct Lookup {
  RowState state = RowState::kNotYetSeen;
  std::optional<LiveRow> row;  // with kFound, and with kDeleted where the tombstone is known: its position
};

struct UnreadableRecord {
  Position position;
  int64_t timestamp_ms = -1;
  std::string problem;
};

struct TableStatus {
  struct Partition {
    kafka::PartitionId partition = 0;
    kafka::Offset next_offset = 0;  // to be read
    kafka::Offset end_offset = 0;   // the high watermark, as far as it is known
  };
  std::vector<Partition> partitions;
  int64_t rows = 0;
  bool is_restoring = true;
  int64_t restored = 0, to_restore = 0;  // offsets, while it is restoring
  std::chrono::milliseconds lag{0};      // since the oldest moment at which something unread was known to be there
  std::optional<std::string> outage;     // why no broker can be reached now
  int64_t unreadable = 0;                // records that did not decode
  std::vector<UnreadableRecord> last_unreadable;  // the newest, at most 100
  int64_t duplicates = 0;                         // rows with more than one live record (LatestTable::Duplicate)
  // Changes that the transitions of the value's schema do not have, since the table was read; the newest, at most 100.
  int64_t impossible_transitions = 0;
  std::vector<ImpossibleChange> last_impossible_transitions;
  uint64_t memory_bytes = 0, disk_bytes = 0;
};

struct IndexDescription {
  std::string field;  // "source.url"
};

// One state of a table, which later changes do not touch. Reads wait for the disk. Thread-safe.
class TableSnapshot {
 public:
  virtual ~TableSnapshot() = default;

  virtual PositionSet positions() const = 0;  // up to which it was read
  virtual bool is_complete() const = 0;       // it was not taken while the table was restoring
  virtual int64_t rows() const = 0;

  virtual Result<Lookup> find(std::string_view key) const = 0;

  // By key, from behind `after` on where that is given, until `visit` returns false. Deleted and hidden rows are left
  // out.
  using Visit = std::function<bool(const LiveRow& row)>;
  virtual Result<void> for_each_row(const std::optional<std::string>& after, bool descending,
                                    const Visit& visit) const = 0;

  // Through an index: the rows whose field lies in the range, by value and then by key. `after` as above: the value,
  // ordered (index_value.h), and the key of the last row that was seen.
  virtual Result<void> for_each_indexed(
      size_t index, const Range& values, bool descending,
      const std::optional<std::pair<std::string, std::string>>& after,
      const std::function<bool(std::string_view value, const LiveRow& row)>& visit) const = 0;

  // How many rows have each value of an indexed field: the value as plain JSON. Reads counters, no rows.
  struct Count {
    std::string value;
    int64_t count = 0;
  };
  virtual Result<std::vector<Count>> counts(size_t index) const = 0;
};

class LiveTable {
 public:
  virtual ~LiveTable() = default;

  virtual const std::string& topic() const = 0;
  virtual const std::vector<IndexDescription>& indexes() const = 0;
  virtual std::vector<std::string> board() const { return {}; }  // TableOptions::board

  // How keys and values are read and written, through the latest schemas. Another one is there once a subject has a new
  // version: keep the pointer for as long as one request takes.
  virtual std::shared_ptr<TypedTopic> typed() const = 0;

  virtual TableStatus status() const = 0;
  virtual std::chrono::milliseconds lag() const { return status().lag; }  // of each answer: cheaper than status()
  virtual PositionSet positions() const = 0;                              // up to which records were read

  // Whether the partition is read here, and has been read up to the end that it had when that began.
  virtual bool has_read(kafka::PartitionId partition) const = 0;

  // kUnavailable with Reach::kMemory: ask again with kDisk, on a thread that may wait.
  virtual Result<Lookup> find(std::string_view key, Reach reach) const = 0;

  virtual std::shared_ptr<const TableSnapshot> snapshot() const = 0;

  // Calls `done` once, from any thread, maybe at once: with true when all of these positions have been read and are
  // seen by find(), with false at the deadline or when the table stops; of another topic's positions at once.
  virtual void when_read(const PositionSet& positions, std::chrono::steady_clock::time_point deadline,
                         std::function<void(bool is_read)> done) = 0;

  // The changes from now on, and the state that they begin with: nothing lies between the two.
  struct WatchStart {
    std::shared_ptr<const TableSnapshot> snapshot;
    ChangeFeed::Sequence next = 0;
  };
  virtual WatchStart start_watch() const = 0;
  virtual ChangeFeed& changes() = 0;

  // The earlier records of a key, the newest first: as far as the log still has them. Waits for the brokers.
  struct History {
    std::vector<LiveRow> records;
    bool is_scanned = false;   // the positions were not known any more, and the whole partition was read
    bool is_complete = false;  // the log has no older ones
  };
  virtual Result<History> history(std::string_view key, size_t max_records,
                                  std::optional<int64_t> not_after_ms) const = 0;
};

}  // namespace omashu::table
