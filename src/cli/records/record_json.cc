#include "cli/records/record_json.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <iterator>
#include <limits>

#include "avro/logical_text.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/nearest.h"
#include "inspect/record_headers_json.h"
#include "table/row_json.h"

namespace omashu::cli {

namespace {

const std::vector<std::string> kMembers = {"key",       "value",  "headers", "partition",
                                           "timestamp", "offset", "topic",   "form"};
constexpr std::string_view kAvroJsonForm = "avro-json";

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

Result<kafka::Header> parse_header(const json::Value& item) {
  const json::Value* name = item.find("name");
  const json::Value* value = item.find("value");
  const json::Value* base64 = item.find("base64");
  if (name == nullptr || !name->is_string()) return refuse("headers: write {\"name\":\"…\",\"value\":\"…\"}");
  kafka::Header header{.name = name->text(), .value = std::nullopt};
  if (base64 != nullptr) {
    auto bytes = base64->is_string() ? from_base64(base64->text()) : std::nullopt;
    if (!bytes) return refuse(fmt::format("header {}: this is no base64", header.name));
    header.value = *std::move(bytes);
  } else if (value != nullptr && !value->is_null()) {
    header.value = value->is_string() ? value->text() : json::to_text(*value);
  }
  return header;
}

Result<std::vector<kafka::Header>> parse_headers(const json::Value& value) {
  std::vector<kafka::Header> headers;
  if (!value.is_array() && !value.is_object() && !value.is_null()) {
    return refuse("headers: write [{\"name\":\"…\",\"value\":\"…\"}], or {\"name\":\"value\"}");
  }
  for (const json::Member& member : value.members()) {
    headers.push_back({.name = member.name, .value = std::nullopt});
    if (!member.value.is_null()) {
      headers.back().value = member.value.is_string() ? member.value.text() : json::to_text(member.value);
    }
  }
  for (const json::Value& item : value.items()) {
    auto header = parse_header(item);
    if (!header) return fail(std::move(header.error()));
    headers.push_back(*std::move(header));
  }
  return headers;
}

Result<int64_t> parse_timestamp(const json::Value& value) {
  std::optional<int64_t> timestamp_ms = value.as_int64();
  if (value.is_string()) {
    auto parsed = avro::parse_timestamp(value.text(), avro::TimeUnit::kMillis, false);
    if (!parsed) return fail(std::move(parsed.error()).within("timestamp"));
    timestamp_ms = *parsed;
  }
  if (!timestamp_ms) return refuse("timestamp: write milliseconds, or \"2024-02-29T23:59:59.999Z\"");
  if (*timestamp_ms < 0) {
    return refuse(fmt::format("timestamp: {} is before 1970, and Kafka has no such time", json::to_text(value)));
  }
  return *timestamp_ms;
}

}  // namespace

namespace {

void append_number(std::string& out, int64_t number) {
  char text[24];
  out.append(text, static_cast<size_t>(std::to_chars(text, text + sizeof text, number).ptr - text));
}

}  // namespace

void append_record(std::string& out, const kafka::Message& message, const std::optional<std::string>& key,
                   const std::optional<std::string>& value, bool is_avro_json) {
  // Without a text of its own for each piece: this runs for every record of `consume`.
  out += R"({"partition":)";
  append_number(out, message.partition);
  out += R"(,"offset":)";
  append_number(out, message.offset);
  out += R"(,"timestamp":)";
  if (message.timestamp_ms < 0) {
    out += "null,";
  } else if (is_avro_json) {
    append_number(out, message.timestamp_ms);
    out += ',';
  } else {
    out += '"';
    table::append_timestamp(out, message.timestamp_ms);
    out += "\",";
  }
  if (is_avro_json) out.append("\"form\":\"").append(kAvroJsonForm).append("\",");
  if (!message.headers.empty()) {
    out += "\"headers\":";
    inspect::append_headers(out, message.headers);
    out += ',';
  }
  const auto json_of = [](const std::optional<std::string>& part) {
    return part ? std::string_view(*part) : std::string_view("null");
  };
  out.append("\"key\":").append(json_of(key)).append(",\"value\":").append(json_of(value)).append("}");
}

Result<InputRecord> parse_record(std::string_view line) {
  const auto parsed = json::parse(line);
  if (!parsed) {
    const TextPosition position = parsed.error().position.value_or(TextPosition{});
    return refuse(fmt::format("column {}: {}", position.column, parsed.error().message));
  }
  if (!parsed->is_object() || parsed->find("value") == nullptr) {
    return refuse("a record is written {\"key\":…,\"value\":…}; bare values go with --format console");
  }
  InputRecord record;
  for (const json::Member& member : parsed->members()) {
    if (member.name == "key") {
      if (!member.value.is_null()) record.key = line_payload(member.value);
    } else if (member.name == "value") {
      if (!member.value.is_null()) record.value = line_payload(member.value);
    } else if (member.name == "headers") {
      auto headers = parse_headers(member.value);
      if (!headers) return fail(std::move(headers.error()));
      record.headers = *std::move(headers);
    } else if (member.name == "partition") {
      const auto number = member.value.as_int64();
      if (!number || *number < 0 || *number > std::numeric_limits<kafka::PartitionId>::max()) {
        return refuse("partition: this is no partition");
      }
      record.partition = static_cast<kafka::PartitionId>(*number);
    } else if (member.name == "timestamp") {
      if (member.value.is_null()) continue;
      const auto timestamp_ms = parse_timestamp(member.value);
      if (!timestamp_ms) return fail(timestamp_ms.error());
      record.timestamp_ms = *timestamp_ms;
    } else if (member.name == "form") {
      if (!member.value.is_string() || member.value.text() != kAvroJsonForm) {
        return refuse(fmt::format("form: write \"{}\", or leave it out for plain JSON", kAvroJsonForm));
      }
      record.is_avro_json = true;
    } else if (member.name == "offset") {
      record.was_consumed = true;
    } else if (member.name != "topic") {
      return refuse(fmt::format("unknown member '{}' of a record{}", member.name, did_you_mean(member.name, kMembers)));
    }
  }
  return record;
}

}  // namespace omashu::cli
