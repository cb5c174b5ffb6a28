// The rows of one table, kept on the disk: for each logical key the bytes of its row, the indexes and counters that
// belong to it, and the positions of the topic up to which all of them stand.
//
// Invariants:
//   - apply() is atomic, and there is no write-ahead log: Kafka is the log. What is found after a crash is the state
//     after some apply(), with the positions that belong to it, so a reader that goes on from there loses nothing and
//     counts nothing twice. How much was lost is bounded by flush().
//   - A snapshot sees one state; later changes do not show in it.
//   - Rows, index values and keys are bytes to the store, in the order of unsigned bytes. What they mean is
//     row_format.h's and index_value.h's.
//   - A read with Reach::kMemory never waits for the disk, and neither does snapshot().
//   - What cannot be read is never guessed: the call fails with kCorrupt, and the store starts empty when it is opened
//     the next time.
//
// Thread-safe, but for apply(): one writer. docs/table-store.md has the bytes.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kafka/types.h"
#include "omashu/result.h"
#include "table/store/store_memory.h"

namespace omashu::table {

// kMemory answers kUnavailable where the disk would have to be read: ask again with kDisk, on a thread that may wait.
enum class Reach : uint8_t { kMemory, kDisk };

// The next offset to read of each partition.
using NextOffsets = std::map<kafka::PartitionId, kafka::Offset>;

struct RowChange {
  struct IndexChange {
    size_t index = 0;                          // of StoreIdentity::indexes
    std::optional<std::string> before, after;  // the value, ordered (index_value.h); absent: the row is not in it
  };

  std::string key;                   // logical, plain JSON
  std::optional<std::string> row;    // absent: forgotten
  int live = 0;                      // +1: the row is there now and was not; -1: the other way round
  std::vector<IndexChange> indexes;  // of those that changed
};

struct ChangeBatch {
  std::vector<RowChange> rows = {};                                            // no key twice
  std::vector<std::pair<std::string, std::optional<std::string>>> notes = {};  // what else is kept beside rows, by name
  NextOffsets next_offsets = {};                                               // of the partitions that moved
  // Many rows, most of which were not there: the store may write a file of them rather than keep them in memory, which
  // is cheaper, and on the disk when apply() returns.
  bool is_bulk = false;
};

// What the rows on the disk were made of. A store of another identity is emptied when it is opened.
struct StoreIdentity {
  std::string topic;
  std::string topic_id;              // Kafka's; "" where the broker has none (before KIP-516)
  std::string key_schema;            // a fingerprint: logical keys depend on it; "" for plain keys
  std::vector<std::string> indexes;  // the fields, as "source.url"
};

struct ValueCount {
  std::string value;  // ordered
  int64_t count = 0;
};

// A part of an index, or of all keys: [from, to), "" is open.
struct Range {
  std::string from, to;
};

// It may outlive the store, whose folder stays in use meanwhile.
class StoreSnapshot {
 public:
  virtual ~StoreSnapshot() = default;

  virtual const NextOffsets& next_offsets() const = 0;
  virtual int64_t live_rows() const = 0;
  virtual Result<std::optional<std::string>> get(std::string_view key, Reach reach) const = 0;

  // In the order of keys, or in its opposite, until `visit` returns false. May wait for the disk.
  using VisitRow = std::function<bool(std::string_view key, std::string_view row)>;
  virtual Result<void> scan(const Range& keys, bool descending, const VisitRow& visit) const = 0;

  // In the order of values, and of keys where those are equal; `after` (value, key) is where an earlier scan ended.
  using VisitEntry = std::function<bool(std::string_view value, std::string_view key)>;
  virtual Result<void> scan_index(size_t index, const Range& values, bool descending,
                                  const std::optional<std::pair<std::string, std::string>>& after,
                                  const VisitEntry& visit) const = 0;
  // How many rows have each value, by value; without reading the rows.
  virtual Result<std::vector<ValueCount>> counts(size_t index) const = 0;

  virtual Result<std::optional<std::string>> note(std::string_view name) const = 0;
};

struct StoreOptions {
  std::string folder;                             // made where it is not there; one process at a time
  std::shared_ptr<StoreMemory> memory = nullptr;  // shared with the process's other stores; absent: one of its own
};

class TableStore {
 public:
  // kAlreadyExists where another process, or another store or snapshot of this one, has the folder. What is damaged, of
  // another identity or of another format starts empty: emptied_because().
  static Result<std::unique_ptr<TableStore>> open(const StoreOptions& options, const StoreIdentity& identity);
  virtual ~TableStore() = default;  // flushes

  // A line for the operator where open() found something and threw it away.
  virtual const std::optional<std::string>& emptied_because() const = 0;

  virtual Result<std::optional<std::string>> get(std::string_view key, Reach reach) const = 0;
  // As get() with kDisk for each, in the order of `keys`.
  virtual Result<std::vector<std::optional<std::string>>> get_many(std::span<const std::string_view> keys) const = 0;

  // Waits where the disk is slower than the changes. Where it fails, nothing of the batch was applied: kUnavailable
  // where there is no space left on the disk, and then the same batch may be tried again.
  virtual Result<void> apply(const ChangeBatch& batch) = 0;

  // The state after the last apply().
  virtual std::shared_ptr<const StoreSnapshot> snapshot() const = 0;

  // Everything that was applied is on the disk when it returns.
  virtual Result<void> flush() = 0;
  // Between begin_restore() and end_restore() much is applied at once: the store may put its order off.
  virtual void begin_restore() = 0;
  virtual Result<void> end_restore() = 0;

  virtual uint64_t memory_bytes() const = 0;  // of changes that are not on the disk yet; the cache is StoreMemory's
  virtual uint64_t disk_bytes() const = 0;
};

}  // namespace omashu::table
