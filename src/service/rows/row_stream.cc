#include "service/rows/row_stream.h"

#include <memory>
#include <utility>

#include "http/streamed_answer.h"
#include "service/rows/row_scan.h"
#include "service/table_head.h"

namespace omashu::service {

namespace {

constexpr size_t kPieceBytes = 64 << 10;
constexpr size_t kRowsOfPiece = 20'000;  // that are examined for it; fewer may pass, or none

// Makes the lines, piece by piece.
class RowLines {
 public:
  RowLines(ListQuestion question, std::shared_ptr<const table::TableSnapshot> snapshot)
      : question_(std::move(question)),
        scan_(*question_.table, std::move(snapshot), *question_.typed, question_.query, std::nullopt) {
    if (question_.query.limit) scan_.set_max_sorted(*question_.query.limit);
  }

  // All rows would have to be kept for an order that no index has.
  bool needs_limit() const { return scan_.is_sorting() && !question_.query.limit; }

  Result<std::optional<std::string>> next() {
    std::string piece;
    std::optional<Error> failure;
    if (is_over_) return std::nullopt;
    const auto progress = scan_.run(kRowsOfPiece, [&](const table::LiveRow& row) {
      if (auto appended = append_row(piece, question_, row); !appended) {
        failure = std::move(appended.error());
        return RowScan::Next::kStop;
      }
      piece += '\n';
      is_over_ = ++rows_ == question_.query.limit;
      return is_over_ || piece.size() >= kPieceBytes ? RowScan::Next::kPause : RowScan::Next::kGoOn;
    });
    if (!progress) return fail(progress.error());
    if (failure) return fail(*std::move(failure));
    is_over_ = is_over_ || *progress != RowScan::Progress::kMore;
    return piece;
  }

 private:
  const ListQuestion question_;
  RowScan scan_;
  size_t rows_ = 0;
  bool is_over_ = false;
};

}  // namespace

void stream_rows(ListQuestion question, Executor& executor) {
  const http::ExchangePtr exchange = question.exchange;
  const auto snapshot = question.table->snapshot();
  if (!snapshot->is_complete()) {
    return answer(exchange, restoring(*question.table, "the table is still being read: not all rows are there"));
  }
  http::Response head{.content_type = "application/x-ndjson", .body = {}, .fields = {}};
  head.fields.push_back({"Cache-Control", "no-cache"});
  head.fields.push_back({"Vary", "Accept"});
  TableHead(*question.table, *snapshot).add_to(head.fields);
  question.exchange = nullptr;
  const auto lines = std::make_shared<RowLines>(std::move(question), snapshot);
  if (lines->needs_limit()) {
    return answer(exchange,
                  {.type = ProblemType::kInvalidParameter,
                   .detail = "sort: no index has this order, so all rows would have to be kept: give a limit, or serve "
                             "the table with an index of the field"});
  }
  http::answer_in_pieces(exchange, std::move(head), executor, [lines] { return lines->next(); });
}

}  // namespace omashu::service
