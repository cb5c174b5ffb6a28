// Goes through the rows of a snapshot that a query means, in its order, a bounded piece at a time: so that a long scan
// lets others in between, and none of them is in memory as a whole.
//
// Rows are read through an index where the filter or the order is one's, else by their keys. An order that no index has
// is made by keeping the first rows of it, while everything is read once for each page.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "service/rows/cursor_store.h"
#include "service/rows/row_parts.h"
#include "service/rows/row_query.h"
#include "table/live/live_table.h"

namespace omashu::service {

class RowScan {
 public:
  // `typed` and the query outlive it. `after`: where the page before ended.
  RowScan(const table::LiveTable& table, std::shared_ptr<const table::TableSnapshot> snapshot, table::TypedTopic& typed,
          const RowQuery& query, std::optional<PageEnd> after);

  // Whether an order was asked for that no index has: only so many rows (`max_sorted`) can be had then.
  bool is_sorting() const { return is_sorting_; }
  void set_max_sorted(size_t rows) { max_sorted_ = rows; }

  // Called with each row that the filter lets pass. kPause: the row was taken, and run() shall return; kStop: it was
  // not, and the scan is over.
  enum class Next : uint8_t { kGoOn, kPause, kStop };
  using Visit = std::function<Next(const table::LiveRow& row)>;
  enum class Progress : uint8_t { kMore, kEnd, kStopped };
  // Reads on, at most so many rows whether they pass or not. Rows that do not decode are left out. May wait.
  Result<Progress> run(size_t max_rows, const Visit& visit);

  // Where the row is that was visited last: the next page begins behind it.
  PageEnd place() const { return last_; }

  // While a row is visited: its place in the order of a field or of time, as bytes that are in that order; nothing
  // where it has none, or the order is another.
  std::optional<std::string> order_of_visited() const;

 private:
  // In the order of the answer: whether there is no field, its value, the key.
  struct Sorted {
    std::string order, key;
    bool is_absent = false;
  };
  struct Before {
    bool is_descending = false;
    bool operator()(const Sorted& a, const Sorted& b) const;
  };

  void plan(const table::LiveTable& table, const table::FilterSchemas& schemas);
  void put_absent_last(const std::string& absent);
  Result<bool> read_source(size_t max_rows, const std::function<bool(const table::LiveRow&)>& visit);
  Result<bool> passes(const table::LiveRow& row);
  void keep_sorted(const table::LiveRow& row);
  Result<Progress> visit_sorted(size_t max_rows, const Visit& visit);
  bool needs_value_of_order() const;

  const std::shared_ptr<const table::TableSnapshot> snapshot_;
  const RowQuery& query_;
  RowParts parts_;
  std::optional<Error> failure_;  // of the registry: it would meet every row

  // Where rows are read from, and up to where they were.
  std::optional<size_t> index_;
  std::vector<table::Range> ranges_;
  bool is_descending_ = false;
  PageEnd at_;
  bool has_begun_ = false;

  bool is_sorting_ = false;
  size_t max_sorted_ = kMaxPageRows;
  std::optional<Sorted> after_;  // of the order that is made here
  std::set<Sorted, Before> sorted_;
  bool is_sorted_ = false;

  PageEnd last_;
  std::optional<std::string> visited_order_;  // in an order that is made here
};

}  // namespace omashu::service
