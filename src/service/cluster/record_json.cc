#include "service/cluster/record_json.h"

#include <fmt/core.h>

#include "base/base64.h"
#include "base/byte_size.h"
#include "base/json.h"
#include "base/shown_utf8.h"
#include "inspect/record_headers_json.h"
#include "serde/payload_format.h"
#include "table/position_set.h"
#include "table/row_json.h"

namespace omashu::service {

namespace {

using serde::PayloadFormat;
using serde::RecordPart;
using table::PayloadReader;

constexpr size_t kMaxPayload = size_t{1} << 20;
constexpr size_t kMaxPage = size_t{8} << 20;  // beyond it, payloads above kShort are left out
constexpr size_t kShort = 1'024;

const std::optional<std::string>& payload_of(const kafka::Message& record, RecordPart part) {
  return part == RecordPart::kKey ? record.key : record.value;
}

// The id of the schema that the part was written with; null for another payload, and for one that names it by guid.
std::string schema_json(const kafka::Message& record, RecordPart part) {
  const auto schema = PayloadReader::schema_key(record, part);
  const auto* id = schema ? std::get_if<serde::SchemaId>(&*schema) : nullptr;
  return id != nullptr ? fmt::format("{}", static_cast<int32_t>(*id)) : "null";
}

std::string start_json(const std::optional<std::string>& start) {
  std::string out;
  if (!start) return "null";
  json::append_quoted(out, *start);
  return out;
}

}  // namespace

RecordJson::RecordJson(schema_registry::Client& registry) : reader_(registry, std::nullopt, avro::JsonForm::kPlain) {}

std::string RecordJson::page(const std::string& topic, const inspect::RecordPage& page) {
  std::string out = "{\"records\":[";
  for (const kafka::Message& record : page.records) {
    if (&record != &page.records.front()) out += ',';
    append_record(out, record);
  }
  out += fmt::format(R"(],"older":{},"newer":{},"scanned":{},"unreadable":{},"isComplete":{}}})",
                     start_json(page.older_start(topic)), start_json(page.newer_start(topic)), page.scanned,
                     page.unreadable, page.is_complete);
  return out;
}

void RecordJson::append_record(std::string& out, const kafka::Message& record) {
  out += "{\"position\":";
  json::append_quoted(out,
                      table::position_text(record.topic, {.partition = record.partition, .offset = record.offset}));
  const std::string timestamp = table::timestamp_text(record.timestamp_ms);
  out += fmt::format(R"(,"partition":{},"offset":{},"timestamp":{},)", record.partition, record.offset,
                     timestamp.empty() ? "null" : "\"" + timestamp + "\"");
  append_part(out, record, RecordPart::kKey);
  append_part(out, record, RecordPart::kValue);
  out += "\"headers\":";
  inspect::append_headers(out, record.headers);
  out += '}';
}

void RecordJson::append_part(std::string& out, const kafka::Message& record, RecordPart part) {
  const std::optional<std::string>& payload = payload_of(record, part);
  const std::string_view name = serde::record_part_name(part);
  Part read_part;
  if (payload && payload->size() > kMaxPayload) {
    read_part.problem =
        fmt::format("it has {}, which is too much to show here", byte_size_text(static_cast<int64_t>(payload->size())));
  } else if (payload) {
    read_part = read(record, part, *payload, out.size() > kMaxPage);
  }
  out +=
      fmt::format(R"("{0}":{1},"{0}Form":{2},"{0}Schema":{3},"{0}Bytes":{4},)", name, read_part.json,
                  read_part.form.empty() ? "null" : fmt::format("\"{}\"", read_part.form),
                  payload ? schema_json(record, part) : "null", payload ? fmt::format("{}", payload->size()) : "null");
  if (read_part.problem.empty()) return;
  out += fmt::format("\"{}Problem\":", name);
  json::append_quoted(out, as_utf8(read_part.problem));
  out += ',';
}

RecordJson::Part RecordJson::read(const kafka::Message& record, RecordPart part, const std::string& payload,
                                  bool is_short) {
  if (is_short && payload.size() > kShort) {
    return {.problem = "the page is too large for it: ask for fewer records"};
  }
  Part out;
  if (PayloadReader::is_avro(record, part, PayloadFormat::kAuto)) {
    if (registry_problem_.empty()) {
      auto json = reader_.read(record, part, PayloadFormat::kAvro);
      if (json) return {.json = *std::move(json), .form = "avro"};
      out.problem = json.error().message;
      if (json.error().code != ErrorCode::kCorrupt) registry_problem_ = out.problem;
    } else {
      out.problem = registry_problem_;
    }
    out.json = "{\"base64\":\"" + to_base64(payload) + "\"}";
    out.form = "bytes";
    return out;
  }
  const size_t first = payload.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && (payload[first] == '{' || payload[first] == '[')) {
    if (auto json = reader_.read(record, part, PayloadFormat::kJson)) return {.json = *std::move(json), .form = "json"};
  }
  std::string json;
  if (serde::append_payload_json(payload, PayloadFormat::kAuto, json)) {
    out.form = json.starts_with('"') ? "text" : "bytes";
    out.json = std::move(json);
  }
  return out;
}

}  // namespace omashu::service
