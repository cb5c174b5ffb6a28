// /v1/tables: what is served, and how far it is.

#include <fmt/core.h>

#include "avro/schema_text.h"
#include "base/shown_utf8.h"
#include "service/parts.h"
#include "table/row_json.h"

namespace omashu::service {

namespace {

using json::Value;

Value milliseconds(std::chrono::milliseconds duration) { return static_cast<int64_t>(duration.count()); }

// What a list of tables shows of each.
Value summary_json(const table::LiveTable& table, const table::TableStatus& status) {
  Value out = Value::object();
  out.add("name", table.topic()).add("rows", status.rows);
  Value indexes = Value::array();
  for (const table::IndexDescription& index : table.indexes()) indexes.append(index.field);
  out.add("indexes", std::move(indexes));
  out.add("isRestoring", status.is_restoring);
  if (status.is_restoring) out.add("restored", status.restored).add("toRestore", status.to_restore);
  out.add("position", table::position_set_text(table.positions())).add("lagMs", milliseconds(status.lag));
  if (status.outage) out.add("outage", *status.outage);
  out.add("unreadable", status.unreadable).add("duplicates", status.duplicates);
  out.add("impossibleTransitions", status.impossible_transitions);
  return out;
}

Value schema_json(const std::optional<avro::Schema>& schema) {
  if (!schema) return {};
  auto parsed = json::parse(avro::to_resolved_java_text(*schema));
  return parsed ? *std::move(parsed) : Value();
}

Value unreadable_json(const table::LiveTable& table, const table::UnreadableRecord& record) {
  Value out = Value::object();
  out.add("position", table::position_text(table.topic(), record.position));
  out.add("timestamp", record.timestamp_ms < 0 ? Value() : Value(table::timestamp_text(record.timestamp_ms)));
  out.add("problem", as_utf8(record.problem));
  return out;
}

Value impossible_json(const table::LiveTable& table, const table::ImpossibleChange& change) {
  Value out = Value::object();
  out.add("key", json::parse(change.key).value_or(Value()));
  out.add("position", table::position_text(table.topic(), change.position));
  out.add("timestamp", change.timestamp_ms < 0 ? Value() : Value(table::timestamp_text(change.timestamp_ms)));
  const auto symbol = [](const std::optional<std::string>& text) { return text ? Value(*text) : Value(); };
  out.add("field", change.transition.field);
  out.add("from", symbol(change.transition.from)).add("to", symbol(change.transition.to));
  return out;
}

Value description_json(const table::LiveTable& table) {
  const table::TableStatus status = table.status();
  Value out = summary_json(table, status);
  const table::FilterSchemas schemas = table.typed()->schemas();
  out.add("keySchema", schema_json(schemas.key)).add("valueSchema", schema_json(schemas.value));
  Value board = Value::array();
  for (const std::string& field : table.board()) board.append(field);
  out.add("board", std::move(board));
  Value partitions = Value::array();
  for (const table::TableStatus::Partition& partition : status.partitions) {
    Value one = Value::object();
    one.add("partition", partition.partition)
        .add("nextOffset", partition.next_offset)
        .add("endOffset", partition.end_offset);
    partitions.append(std::move(one));
  }
  out.add("partitions", std::move(partitions));
  Value unreadable = Value::array();
  for (const table::UnreadableRecord& record : status.last_unreadable)
    unreadable.append(unreadable_json(table, record));
  out.add("lastUnreadable", std::move(unreadable));
  Value impossible = Value::array();
  for (const table::ImpossibleChange& change : status.last_impossible_transitions)
    impossible.append(impossible_json(table, change));
  out.add("lastImpossibleTransitions", std::move(impossible));
  out.add("memoryBytes", status.memory_bytes).add("diskBytes", status.disk_bytes);
  return out;
}

void answer_json(const http::ExchangePtr& exchange, const Value& body) {
  exchange->answer({.content_type = "application/json",
                    .body = json::to_text(body) + "\n",
                    .fields = {{"Cache-Control", "no-cache"}}});
}

constexpr const char* kSummaryProperties =
    R"("name":{"type":"string"},"rows":{"type":"integer"},"indexes":{"type":"array","items":{"type":"string"}},)"
    R"("isRestoring":{"type":"boolean"},"restored":{"type":"integer"},"toRestore":{"type":"integer"},)"
    R"("position":{"type":"string"},"lagMs":{"type":"integer"},"outage":{"type":"string"},)"
    R"("unreadable":{"type":"integer"},"duplicates":{"type":"integer"},"impossibleTransitions":{"type":"integer"})";
constexpr const char* kSummaryRequired =
    R"("required":["name","rows","indexes","isRestoring","position","lagMs","unreadable","duplicates",)"
    R"("impossibleTransitions"])";

std::string list_schema() {
  return fmt::format(R"({{"type":"object","required":["tables"],"properties":{{"tables":{{"type":"array","items":)"
                     R"({{"type":"object",{},"properties":{{{}}}}}}}}}}})",
                     kSummaryRequired, kSummaryProperties);
}

std::string description_schema() {
  return fmt::format(
      R"({{"type":"object",{},"properties":{{{},)"
      R"("keySchema":{{"description":"Avro; null where keys are plain text"}},)"
      R"("valueSchema":{{"description":"Avro; null where values have none"}},)"
      R"("board":{{"description":"The fields of the status board that the file names: state, progress, total, time of )"
      R"(the last change, reason; - is none","type":"array","items":{{"type":"string"}}}},)"
      R"("partitions":{{"type":"array","items":{{"type":"object","required":["partition","nextOffset","endOffset"],)"
      R"("properties":{{"partition":{{"type":"integer"}},"nextOffset":{{"type":"integer"}},)"
      R"("endOffset":{{"type":"integer"}}}}}}}},)"
      R"("lastUnreadable":{{"type":"array","items":{{"type":"object","required":["position","problem"],"properties":)"
      R"({{"position":{{"type":"string"}},"timestamp":{{"type":["string","null"]}},"problem":{{"type":"string"}}}}}}}},)"
      R"("lastImpossibleTransitions":{{"type":"array","items":{{"type":"object","required":["key","position","from",)"
      R"("to"],"properties":{{"key":{{"$ref":"#/components/schemas/Key"}},"position":{{"type":"string"}},)"
      R"("timestamp":{{"type":["string","null"]}},"field":{{"type":"string"}},"from":{{"type":["string","null"]}},)"
      R"("to":{{"type":["string","null"]}}}}}}}},)"
      R"("memoryBytes":{{"type":"integer"}},"diskBytes":{{"type":"integer"}}}}}})",
      kSummaryRequired, kSummaryProperties);
}

}  // namespace

Operations table_operations(const Parts& parts) {
  Operations operations;
  operations.push_back({.pattern = "/v1/tables",
                        .id = "listTables",
                        .tag = "Tables",
                        .summary = "The tables that are served",
                        .answers = {{200, {"The tables", {{"application/json", list_schema()}}}}},
                        .access = http::Access::kKnown,
                        .handler = [&parts](const http::ExchangePtr& exchange) {
                          Value tables = Value::array();
                          for (const auto& table : parts.tables.all()) {
                            tables.append(summary_json(*table, table->status()));
                          }
                          Value body = Value::object();
                          body.add("tables", std::move(tables));
                          answer_json(exchange, body);
                        }});
  operations.push_back({.pattern = "/v1/tables/{table}",
                        .id = "getTable",
                        .tag = "Tables",
                        .summary = "One table: its schemas, how far each partition has been read, what did not decode",
                        .parameters = {table_parameter()},
                        .answers = {{200, {"The table", {{"application/json", description_schema()}}}}},
                        .problems = {ProblemType::kUnknownTable},
                        .handler = [&parts](const http::ExchangePtr& exchange) {
                          const auto table = table_of(parts, *exchange);
                          table ? answer_json(exchange, description_json(**table)) : answer(exchange, table.error());
                        }});
  return operations;
}

}  // namespace omashu::service
