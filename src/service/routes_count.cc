// GET /v1/tables/{table}/count

#include <iterator>
#include <memory>
#include <utility>

#include "service/parts.h"
#include "service/read_options.h"
#include "service/rows/count_job.h"

namespace omashu::service {

namespace {

constexpr const char* kCountSchema =
    R"({"type":"object","required":["count","position"],"properties":{"count":{"type":"integer"},)"
    R"("groups":{"type":"array","items":{"type":"object","required":["by","count"],"properties":{)"
    R"("by":{"type":"object"},"count":{"type":"integer"}}}},"position":{"type":"string"}}})";

void count_rows(const Parts& parts, const http::ExchangePtr& exchange) {
  const auto table = table_of(parts, *exchange);
  if (!table) return answer(exchange, table.error());
  const auto read = parse_read_options(exchange->request(), **table);
  if (!read) return answer(exchange, read.error());
  auto parsed = parse_count_question(exchange, **table);
  if (!parsed) return answer(exchange, parsed.error());
  const auto question = std::make_shared<CountQuestion>(*std::move(parsed));
  when_fresh(**table, exchange, *read, [&parts, question] {
    parts.executor.post([&parts, question] { CountJob::start(std::move(*question), parts.executor); });
  });
}

}  // namespace

Operations count_operations(const Parts& parts) {
  Operation count{.pattern = "/v1/tables/{table}/count",
                  .id = "countRows",
                  .tag = "Rows",
                  .summary = "Rows counted by the values of fields, with sums of others",
                  .description =
                      "Groups come with the largest count first. A field that lies in an array counts once "
                      "for each item. Rows without a value of a field are left out of its sum, average, "
                      "minimum and maximum.",
                  .parameters = {table_parameter()},
                  .answers = {{200, {"The counts", {{"application/json", kCountSchema}}}}},
                  .problems = {ProblemType::kUnknownTable, ProblemType::kRestoring, ProblemType::kTooStale,
                               ProblemType::kUnavailable, ProblemType::kNotReachedInTime},
                  .handler = [&parts](const http::ExchangePtr& exchange) { count_rows(parts, exchange); }};
  std::ranges::move(count_parameters(), std::back_inserter(count.parameters));
  std::ranges::move(read_parameters(), std::back_inserter(count.parameters));
  Operations operations;
  operations.push_back(std::move(count));
  return operations;
}

}  // namespace omashu::service
