// GET /v1/tables/{table}/rows

#include <array>
#include <iterator>
#include <memory>
#include <utility>

#include "service/group/peer_client.h"
#include "service/media_type.h"
#include "service/parts.h"
#include "service/read_options.h"
#include "service/rows/page_job.h"
#include "service/rows/row_stream.h"

namespace omashu::service {

namespace {

constexpr std::array<std::string_view, 2> kMediaTypes = {"application/json", "application/x-ndjson"};

constexpr const char* kPageSchema =
    R"({"type":"object","required":["rows","position"],"properties":{"rows":{"type":"array","items":)"
    R"({"$ref":"#/components/schemas/Row"}},"position":{"type":"string"},"cursor":{"type":"string"}}})";

void list_rows(const Parts& parts, const http::ExchangePtr& exchange, const std::shared_ptr<CursorStore>& cursors) {
  const auto table = table_of(parts, *exchange);
  if (!table) return answer(exchange, table.error());
  const http::Request& request = exchange->request();
  const auto form = preferred_media_type(request.field("accept"), kMediaTypes);
  if (!form) {
    return answer(exchange, {.type = ProblemType::kNotAcceptable,
                             .detail = "rows are application/json, or application/x-ndjson for all of them"});
  }
  const bool is_stream = *form == 1;
  const auto read = parse_read_options(request, **table);
  if (!read) return answer(exchange, read.error());
  const auto typed = (*table)->typed();
  auto query = parse_row_query(request, **table, *typed);
  if (!query) return answer(exchange, query.error());
  const auto question = std::make_shared<ListQuestion>(
      ListQuestion{.exchange = exchange, .table = *table, .typed = typed, .query = *std::move(query)});
  question->cursor = request.query_value("cursor");
  question->tells_orders = !request.field(kForwardedHeader).empty();
  if (is_stream && question->cursor) {
    return answer(exchange, {.type = ProblemType::kInvalidParameter,
                             .detail = "cursor: a stream of rows has all of them, and no pages"});
  }
  when_fresh(**table, exchange, *read, [&parts, question, cursors, is_stream] {
    parts.executor.post([&parts, question, cursors, is_stream] {
      is_stream ? stream_rows(std::move(*question), parts.executor)
                : PageJob::start(std::move(*question), parts.executor, *cursors);
    });
  });
}

}  // namespace

Operations list_operations(const Parts& parts) {
  const auto cursors = std::make_shared<CursorStore>();
  parts.at_tick([cursors] { cursors->forget_expired(); });
  parts.add_gauge({.name = "omashu_http_lists",
                   .help = "Lists that can be gone on with, each of which keeps a snapshot.",
                   .value = [cursors] { return cursors->lists(); }});
  Operation list{
      .pattern = "/v1/tables/{table}/rows",
      .id = "listRows",
      .tag = "Rows",
      .summary = "Rows of a table, page by page or as a stream",
      .description =
          "The pages of a list are of one state of the table, for as long as its cursor lives: two minutes after it "
          "was used last. As application/x-ndjson it is a stream of all rows, a line each, that is never in memory as "
          "a whole. An index is used where one helps; without `sort` rows come in the order in which they are found.",
      .parameters = {table_parameter()},
      .answers = {{200,
                   {"The rows",
                    {{"application/json", kPageSchema},
                     {"application/x-ndjson", R"({"$ref":"#/components/schemas/Row"})"}}}}},
      .problems = {ProblemType::kUnknownTable, ProblemType::kNotAcceptable, ProblemType::kCursorExpired,
                   ProblemType::kRestoring, ProblemType::kTooStale, ProblemType::kUnavailable,
                   ProblemType::kNotReachedInTime},
      .handler = [&parts, cursors](const http::ExchangePtr& exchange) { list_rows(parts, exchange, cursors); }};
  std::ranges::move(query_parameters(), std::back_inserter(list.parameters));
  list.parameters.push_back({.name = "cursor",
                             .description = "the cursor of the page before; table, where, or-where and sort as there",
                             .schema = R"({"type":"string","maxLength":64})"});
  std::ranges::move(read_parameters(), std::back_inserter(list.parameters));
  Operations operations;
  operations.push_back(std::move(list));
  return operations;
}

}  // namespace omashu::service
