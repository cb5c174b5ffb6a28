// GET …/rows as a page of JSON. It runs on the executor piece by piece, so that lists which take long take turns.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/executor.h"
#include "service/rows/list_question.h"
#include "service/rows/row_scan.h"
#include "service/table_head.h"

namespace omashu::service {

// Rows that are examined before the executor's next task gets its turn.
inline constexpr size_t kRowsOfPiece = 2'000;

// {"rows":[…],"position":…,"cursor":…}: without a cursor where no further row is there.
class PageJob : public std::enable_shared_from_this<PageJob> {
 public:
  // On a thread of the executor, which outlives the job, as the store does.
  static void start(ListQuestion question, Executor& executor, CursorStore& cursors);

 private:
  PageJob(ListQuestion question, Executor& executor, CursorStore& cursors,
          std::shared_ptr<const table::TableSnapshot> snapshot, const std::optional<CursorStore::Position>& position);

  void run();
  RowScan::Next take(const table::LiveRow& row);
  void finish();

  const ListQuestion question_;
  Executor& executor_;
  CursorStore& cursors_;
  const std::string list_;  // that goes on; "" for a new one
  const std::shared_ptr<const table::TableSnapshot> snapshot_;
  const TableHead head_;
  const size_t limit_;
  RowScan scan_;
  std::string body_ = R"({"rows":[)";
  std::string orders_;  // of the rows: base64 of RowScan::order_of_visited(), or null
  size_t rows_ = 0;
  bool has_more_ = false;
  std::optional<Error> failure_;
};

}  // namespace omashu::service
