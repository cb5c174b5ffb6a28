#include "service/row_history.h"

#include <fmt/core.h>

#include <charconv>

#include "base/time_point_text.h"
#include "service/row_key.h"
#include "service/row_text.h"
#include "table/row_json.h"

namespace omashu::service {

namespace {

http::Response records_answer(const table::LiveTable& table, table::TypedTopic& typed, const TableHead& head,
                              const table::LiveTable::History& history) {
  http::Response response{.content_type = "application/json", .body = R"({"records":[)", .fields = {}};
  for (const table::LiveRow& record : history.records) {
    if (response.body.back() != '[') response.body += ',';
    const auto appended = append_row(response.body, table.topic(), typed, record);
    if (appended) continue;
    // A record that does not decode takes nothing away from the others.
    append_unreadable_row(response.body, table.topic(), record, appended.error().message);
  }
  response.body += fmt::format("],\"isComplete\":{},\"isScanned\":{}}}\n", history.is_complete, history.is_scanned);
  response.fields.push_back({"Cache-Control", "no-cache"});
  head.add_to(response.fields);
  return response;
}

http::Response answer_as_of(const http::Request& request, int64_t at_ms, RowForm form, const table::LiveTable& table,
                            table::TypedTopic& typed, schema_registry::Client& registry, const TableHead& head,
                            const std::string& key, const table::LiveTable::History& history) {
  table::Lookup lookup;
  if (!history.records.empty()) {
    lookup.row = history.records.front();
    lookup.state = lookup.row->value ? table::RowState::kFound : table::RowState::kDeleted;
    return row_answer(request, form, table, typed, registry, head, key, lookup);
  }
  Problem problem{.type = ProblemType::kRowNotFound,
                  .detail = fmt::format("the log has no record of {} that is as old as {}{}", shown_key(key),
                                        table::timestamp_text(at_ms),
                                        history.is_complete ? "" : ": older ones may have been compacted away")};
  head.add_to(problem.fields);
  return problem_response(problem);
}

}  // namespace

const char* const kHistorySchema =
    R"({"type":"object","required":["records","isComplete","isScanned"],"properties":{)"
    R"("records":{"type":"array","items":{"type":"object","required":["key","value","position","timestamp"],)"
    R"("properties":{"key":{},"value":{},"position":{"type":"string"},"timestamp":{"type":["string","null"]},)"
    R"("problem":{"type":"string"}}}},"isComplete":{"type":"boolean"},"isScanned":{"type":"boolean"}}})";

std::vector<Parameter> history_parameters() {
  return {{.name = "history",
           .description = "in place of the value so many records of the key, the newest first, as far as the log still "
                          "has them",
           .schema = R"({"type":"integer","minimum":1,"maximum":1000})"},
          {.name = "at",
           .description = "the value as of a time: 2026-11-30T08:00Z, 2h (ago), or milliseconds since 1970; as far as "
                          "the log still has it"}};
}

Answer<HistoryOptions> parse_history_options(const http::Request& request, int64_t now_ms) {
  HistoryOptions options;
  if (request.query().empty()) return options;
  if (const auto records = request.query_value("history")) {
    size_t number = 0;
    std::from_chars(records->data(), records->data() + records->size(), number);
    options.records = number;
  }
  if (const auto at = request.query_value("at")) {
    auto time = parse_time_point(*at, now_ms);
    if (!time) return refuse(ProblemType::kInvalidParameter, "at: " + time.error().message);
    options.at_ms = *time;
  }
  return options;
}

http::Response history_answer(const http::Request& request, const HistoryOptions& options, RowForm form,
                              const table::LiveTable& table, table::TypedTopic& typed,
                              schema_registry::Client& registry, const std::string& key) {
  const TableHead head(table);
  const auto history = table.history(key, options.records.value_or(1), options.at_ms);
  if (!history) {
    Problem problem = problem_of(history.error());
    head.add_to(problem.fields);
    return problem_response(problem);
  }
  if (options.records) return records_answer(table, typed, head, *history);
  return answer_as_of(request, *options.at_ms, form, table, typed, registry, head, key, *history);
}

}  // namespace omashu::service
