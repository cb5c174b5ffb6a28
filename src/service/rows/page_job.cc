#include "service/rows/page_job.h"

#include <utility>

#include "base/base64.h"

namespace omashu::service {

namespace {

// A page ends early where its text grows beyond this: rows may be large.
constexpr size_t kMaxPageBytes = 8 << 20;

}  // namespace

void PageJob::start(ListQuestion question, Executor& executor, CursorStore& cursors) {
  std::optional<CursorStore::Position> position;
  if (question.cursor) {
    auto found = cursors.find(*question.cursor, question.query.question);
    if (!found) return answer(question.exchange, found.error());
    position = *std::move(found);
  }
  const auto snapshot = position ? position->snapshot : question.table->snapshot();
  if (!snapshot->is_complete()) {
    return answer(question.exchange,
                  restoring(*question.table, "the table is still being read: not all rows are there"));
  }
  std::shared_ptr<PageJob>(new PageJob(std::move(question), executor, cursors, snapshot, position))->run();
}

PageJob::PageJob(ListQuestion question, Executor& executor, CursorStore& cursors,
                 std::shared_ptr<const table::TableSnapshot> snapshot,
                 const std::optional<CursorStore::Position>& position)
    : question_(std::move(question)),
      executor_(executor),
      cursors_(cursors),
      list_(position ? position->list : ""),
      snapshot_(std::move(snapshot)),
      head_(*question_.table, *snapshot_),
      limit_(question_.query.limit.value_or(kDefaultPageRows)),
      scan_(*question_.table, snapshot_, *question_.typed, question_.query,
            position ? std::optional(position->end) : std::nullopt) {
  scan_.set_max_sorted(limit_ + 1);
}

void PageJob::run() {
  const auto progress = scan_.run(kRowsOfPiece, [this](const table::LiveRow& row) { return take(row); });
  if (!progress || failure_) return answer(question_.exchange, problem_of(failure_ ? *failure_ : progress.error()));
  if (*progress == RowScan::Progress::kMore) return executor_.post([self = shared_from_this()] { self->run(); });
  finish();
}

RowScan::Next PageJob::take(const table::LiveRow& row) {
  has_more_ = rows_ == limit_ || (rows_ > 0 && body_.size() > kMaxPageBytes);
  if (has_more_) return RowScan::Next::kStop;
  if (rows_ > 0) body_ += ',';
  if (auto appended = append_row(body_, question_, row); !appended) {
    failure_ = std::move(appended.error());
    return RowScan::Next::kStop;
  }
  if (question_.tells_orders) {
    if (rows_ > 0) orders_ += ',';
    const auto order = scan_.order_of_visited();
    orders_ += order ? '"' + to_base64(*order) + '"' : "null";
  }
  ++rows_;
  return RowScan::Next::kGoOn;
}

void PageJob::finish() {
  body_ += R"(],"position":)";
  json::append_quoted(body_, head_.position);
  if (has_more_) {
    body_ += R"(,"cursor":)";
    json::append_quoted(body_, cursors_.add(list_, question_.query.question, snapshot_, scan_.place()));
  }
  if (question_.tells_orders) body_ += R"(,"orders":[)" + orders_ + ']';
  body_ += "}\n";
  http::Response response{.content_type = "application/json", .body = std::move(body_), .fields = {}};
  response.fields.push_back({"Cache-Control", "no-cache"});
  response.fields.push_back({"Vary", "Accept"});
  head_.add_to(response.fields);
  question_.exchange->answer(std::move(response));
}

}  // namespace omashu::service
