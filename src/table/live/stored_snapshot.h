// A TableSnapshot over a store's.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "table/live/live_table.h"
#include "table/live/table_schema.h"

namespace omashu::table {

class StoredSnapshot : public TableSnapshot {
 public:
  StoredSnapshot(std::string topic, std::shared_ptr<const TableSchema> schema, std::shared_ptr<TableStore> store,
                 std::shared_ptr<const StoreSnapshot> snapshot, bool is_complete, int64_t now_ms)
      : topic_(std::move(topic)),
        schema_(std::move(schema)),
        store_(std::move(store)),
        snapshot_(std::move(snapshot)),
        is_complete_(is_complete),
        now_ms_(now_ms) {}

  PositionSet positions() const override;
  bool is_complete() const override { return is_complete_; }
  int64_t rows() const override { return snapshot_->live_rows(); }
  Result<Lookup> find(std::string_view key) const override;
  Result<void> for_each_row(const std::optional<std::string>& after, bool descending,
                            const Visit& visit) const override;
  Result<void> for_each_indexed(
      size_t index, const Range& values, bool descending,
      const std::optional<std::pair<std::string, std::string>>& after,
      const std::function<bool(std::string_view value, const LiveRow& row)>& visit) const override;
  Result<std::vector<Count>> counts(size_t index) const override;

 private:
  const std::string topic_;
  const std::shared_ptr<const TableSchema> schema_;
  const std::shared_ptr<TableStore> store_;  // its folder stays while somebody reads in it
  const std::shared_ptr<const StoreSnapshot> snapshot_;
  const bool is_complete_;
  const int64_t now_ms_;
};

}  // namespace omashu::table
