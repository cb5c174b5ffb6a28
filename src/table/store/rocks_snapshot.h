// One state of a store. Thread-safe.

#pragma once

#include "table/store/store_database.h"
#include "table/store/table_store.h"

namespace omashu::table {

// Counters and positions at a state of the store, as the writer knows them.
struct StoreCounts {
  NextOffsets next_offsets;
  int64_t live_rows = 0;
};

class RocksSnapshot final : public StoreSnapshot {
 public:
  // Of the database's state now.
  RocksSnapshot(std::shared_ptr<const StoreDatabase> database, StoreCounts counts);
  ~RocksSnapshot() override;

  const NextOffsets& next_offsets() const override { return counts_.next_offsets; }
  int64_t live_rows() const override { return counts_.live_rows; }
  Result<std::optional<std::string>> get(std::string_view key, Reach reach) const override;
  Result<void> scan(const Range& keys, bool descending, const VisitRow& visit) const override;
  Result<void> scan_index(size_t index, const Range& values, bool descending,
                          const std::optional<std::pair<std::string, std::string>>& after,
                          const VisitEntry& visit) const override;
  Result<std::vector<ValueCount>> counts(size_t index) const override;
  Result<std::optional<std::string>> note(std::string_view name) const override;

 private:
  const std::shared_ptr<const StoreDatabase> database_;
  const rocksdb::Snapshot* const snapshot_;
  const StoreCounts counts_;
};

// What stands under a key of the database, in the state of `snapshot` or, where it is null, in the last one.
Result<std::optional<std::string>> read_bytes(const StoreDatabase& database, const rocksdb::Snapshot* snapshot,
                                              std::string_view key, Reach reach);

// Counters and positions as the database has them.
Result<StoreCounts> read_counts(const StoreDatabase& database);

}  // namespace omashu::table
