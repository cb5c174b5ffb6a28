// What a batch of records makes of the rows of a table: the rows and index entries to be stored, and the changes that
// watchers hear of. Used once; the keys that it is given outlive it.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"
#include "table/live/change_feed.h"
#include "table/live/table_schema.h"
#include "table/store/table_store.h"

namespace omashu::table {

// A row that was hidden, since its ttl is over.
struct HiddenRow {
  std::string key;        // logical
  std::string key_bytes;  // of its record
  Position position;
};

class RowChanges {
 public:
  struct Rules {
    size_t indexes = 0;               // of the table; the one behind them has the rows by when they are due
    int64_t delete_retention_ms = 0;  // how long a tombstone is known
    bool has_feed = false;            // somebody may want the changes
  };
  explicit RowChanges(const Rules& rules) : rules_(rules) {}

  // A row as it is; nothing where the key was never seen. No key twice; rows are numbered from 0, and stored in that
  // order.
  void add_row(std::string_view key, std::optional<std::string> bytes);

  // The record is of the row's key.
  Result<void> apply(size_t row_number, const DecodedRecord& record);
  // Hides the row where its ttl is over by then, and forgets it where its tombstone need not be known any more.
  Result<void> expire(size_t row_number, int64_t now_ms);

  // Forgets the records of these partitions; nobody hears of it.
  Result<void> forget(size_t row_number, const std::set<kafka::PartitionId>& partitions);

  Result<std::vector<RowChange>> take_rows();
  // After take_rows().
  std::vector<Change> take_changes() { return std::move(changes_); }
  std::vector<HiddenRow> take_hidden() { return std::move(hidden_); }
  int64_t duplicates() const { return duplicates_; }                   // how many more rows have several live records
  std::optional<int64_t> next_due_ms() const { return next_due_ms_; }  // of the rows that changed

 private:
  struct Row {
    std::string_view key;
    std::optional<std::string> before;
    std::string now;                       // empty: it is not there
    std::shared_ptr<const LiveRow> shown;  // of `now`, once a change needed it
    bool is_changed = false;
  };
  static Result<std::shared_ptr<const LiveRow>> live_row(Row& row);
  Result<RowChange> stored(Row& row);

  const Rules rules_;
  std::vector<Row> rows_;
  std::vector<Change> changes_;
  std::vector<HiddenRow> hidden_;
  int64_t duplicates_ = 0;
  std::optional<int64_t> next_due_ms_;
};

}  // namespace omashu::table
