// GET /v1/tables/{table}/watch: the changes of a table as server-sent events, or over a WebSocket.

#include <memory>
#include <utility>

#include "base/shown.h"
#include "service/parts.h"
#include "service/rows/row_query.h"
#include "service/watch/watch_hub.h"

namespace omashu::service {

namespace {

// What a client says it has seen: a browser's EventSource in the head, others where they cannot in the query.
Answer<std::optional<table::PositionSet>> last_seen(const http::Request& request) {
  std::string text(request.field("last-event-id"));
  if (text.empty()) text = request.query_value("last-event-id").value_or("");
  if (text.empty()) return std::nullopt;
  auto seen = table::parse_position_set(text);
  if (!seen) return refuse(ProblemType::kInvalidParameter, "last-event-id: " + seen.error().message);
  return *std::move(seen);
}

Answer<std::shared_ptr<const WatchQuestion>> parse_question(const http::Request& request,
                                                            const table::LiveTable& table) {
  auto question = std::make_shared<WatchQuestion>();
  question->topic = table.topic();
  question->typed = table.typed();
  auto filter = parse_filter(request, *question->typed);
  if (!filter) return refuse(std::move(filter.error()));
  question->filter = *std::move(filter);
  auto partitions = parse_partitions(request);
  if (!partitions) return refuse(std::move(partitions.error()));
  question->partitions = *std::move(partitions);
  for (const char* name : {"where", "or-where", "fields", "partitions"}) {
    question->text += name;
    for (const std::string& value : request.query_values(name)) question->text.append(1, '\0').append(value);
    question->text += '\n';
  }
  if (const auto fields = request.query_value("fields")) {
    auto selection = FieldSelection::parse(*fields, *question->typed);
    if (!selection) return refuse(std::move(selection.error()));
    question->fields = *std::move(selection);
  }
  return question;
}

// What partitions say that are not asked for counts as seen.
void pass_over_others(const table::LiveTable& table, const std::set<kafka::PartitionId>& partitions,
                      table::PositionSet& seen) {
  for (const auto& [partition, offset] : table.positions().offsets) {
    if (!partitions.contains(partition)) seen.offsets[partition] = offset;
  }
}

void watch(const Parts& parts, const http::ExchangePtr& exchange, const std::shared_ptr<WatchHub>& hub) {
  const auto table = table_of(parts, *exchange);
  if (!table) return answer(exchange, table.error());
  const http::Request& request = exchange->request();
  auto question = parse_question(request, **table);
  if (!question) return answer(exchange, question.error());
  auto seen = last_seen(request);
  if (!seen) return answer(exchange, seen.error());
  if (*seen && (*question)->partitions) pass_over_others(**table, *(*question)->partitions, **seen);
  const WatchKind kind = exchange->asks_for_web_socket() ? WatchKind::kWebSocket : WatchKind::kServerSentEvents;
  std::make_shared<Watcher>(*hub, **table, *std::move(question), kind, *std::move(seen))->begin(*exchange);
}

}  // namespace

Operations watch_operations(const Parts& parts) {
  const auto hub = std::make_shared<WatchHub>(parts.executor, WatchOptions{});
  parts.at_stop([hub] { hub->stop(); });
  parts.add_gauge({.name = "omashu_http_watchers", .help = "Clients that watch a table.", .value = [hub] {
                     return hub->watchers();
                   }});
  Operation operation{
      .pattern = "/v1/tables/{table}/watch",
      .id = "watchTable",
      .tag = "Rows",
      .summary = "The rows of a table, and then each change, as it happens",
      .description =
          "Server-sent events, or the same over a WebSocket where the request asks for one. First `snapshot`, the rows "
          "that are there as `enter`, and `ready`; then `enter`, `update`, `leave` (the row is there, but the "
          "conditions do not hold any more) and `delete`. Each id says all that was seen: who comes back with it as "
          "Last-Event-ID gets what came since, nothing left out and nothing twice, or `reset` and everything anew. A "
          "comment comes at least every 15 seconds. `bye` says why the server ends the stream.",
      .parameters = {table_parameter()},
      .answers = {{200,
                   {"Events: `data` is a row as lists have it; of `reset` and `bye` it is {\"reason\":…}",
                    {{"text/event-stream", ""}}}},
                  {101, {"A WebSocket, with messages {\"event\":…,\"id\":…,\"row\":…}"}}},
      .problems = {ProblemType::kUnknownTable},
      .handler = [&parts, hub](const http::ExchangePtr& exchange) { watch(parts, exchange, hub); }};
  for (Parameter& parameter : filter_parameters()) operation.parameters.push_back(std::move(parameter));
  operation.parameters.push_back(partitions_parameter());
  operation.parameters.push_back({.name = "fields",
                                  .description = "only these fields of the values: status,source.url",
                                  .schema = R"({"type":"string","minLength":1})"});
  operation.parameters.push_back({.name = "last-event-id",
                                  .description = "as Last-Event-ID, for clients that cannot set it",
                                  .schema = R"({"type":"string","maxLength":100000})"});
  operation.parameters.push_back({.name = "Last-Event-ID",
                                  .place = Parameter::Place::kHeader,
                                  .description = "the id of the last event that was seen"});
  Operations operations;
  operations.push_back(std::move(operation));
  return operations;
}

}  // namespace omashu::service
