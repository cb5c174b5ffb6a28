#include "cli/consume_formatter.h"

#include <fmt/core.h>

#include "cli/console_text.h"
#include "cli/line_payload.h"
#include "cli/record_json.h"

namespace omashu::cli {

namespace {

using serde::PayloadFormat;
using serde::RecordPart;
using table::PayloadReader;

const std::optional<std::string>& payload_of(const kafka::Message& message, RecordPart part) {
  return part == RecordPart::kKey ? message.key : message.value;
}

std::string schema_id_text(const kafka::Message& message, RecordPart part) {
  const auto schema = PayloadReader::schema_key(message, part);
  if (!schema) return "";
  const auto* id = std::get_if<serde::SchemaId>(&*schema);
  return id != nullptr ? fmt::format("{}", static_cast<int32_t>(*id)) : serde::to_text(std::get<serde::Guid>(*schema));
}

std::string base64_json(std::string_view payload) {
  std::string json;
  (void)serde::append_payload_json(payload, PayloadFormat::kBytes, json);
  return json;
}

// Under `auto`, data may seem to be framed that is something else.
Error with_advice(Error error, std::string_view payload, RecordPart part) {
  error.message += fmt::format("; should this be no Avro data, --{0}-format bytes prints what is there",
                               serde::record_part_name(part));
  if (payload.size() == 8) error.message += ", and long or double what Java's serializers write";
  return error;
}

}  // namespace

ConsumeFormatter::ConsumeFormatter(const ConsumeOptions& options, schema_registry::Client& registry)
    : options_(options), reader_(registry, std::nullopt, options.json_form()) {}

Result<bool> ConsumeFormatter::append(const kafka::Message& message, std::string& out) {
  const auto value = read(message, RecordPart::kValue);
  if (!value) return fail(value.error());
  const auto key = read(message, RecordPart::kKey);
  if (!key && key.error().code != ErrorCode::kCorrupt) return fail(key.error());
  print(message, key ? *key : as_bytes(message, RecordPart::kKey), *value, out);
  if (!key) return fail(key.error());
  return true;
}

bool ConsumeFormatter::is_printed(RecordPart part) const {
  if (!options_.is_console) return true;
  return part == RecordPart::kKey ? options_.console.print_key : options_.console.print_value;
}

// What is not printed is not read. In a line of JSON, the text is as it stands there.
Result<std::optional<std::string>> ConsumeFormatter::read(const kafka::Message& message, RecordPart part) {
  const std::optional<std::string>& payload = payload_of(message, part);
  if (!payload || !is_printed(part)) return std::nullopt;
  const PayloadFormat format = options_.formats.of(part);
  const bool is_avro = PayloadReader::is_avro(message, part, format);
  if (options_.is_console && !is_avro) {
    if (auto text = console_text(*payload, format, options_.console)) return text;
  }
  auto json = reader_.read(message, part, format);
  if (!json) {
    if (format != PayloadFormat::kAuto || json.error().code != ErrorCode::kCorrupt) return fail(json.error());
    return fail(with_advice(std::move(json.error()), *payload, part));
  }
  if (options_.is_console || (!is_avro && format != PayloadFormat::kJson)) return *std::move(json);
  std::string text;
  append_line_datum(text, *json, is_avro ? "avro" : "json");
  return text;
}

std::optional<std::string> ConsumeFormatter::as_bytes(const kafka::Message& message, RecordPart part) {
  return base64_json(*payload_of(message, part));
}

void ConsumeFormatter::print(const kafka::Message& message, const std::optional<std::string>& key,
                             const std::optional<std::string>& value, std::string& out) const {
  if (!options_.is_console) {
    append_record(out, message, key, value, options_.is_avro_json);
    out += '\n';
    return;
  }
  const auto part = [&](const std::optional<std::string>& text, RecordPart which) {
    return ConsolePart{.text = text, .schema_id = text ? schema_id_text(message, which) : ""};
  };
  append_console_record(options_.console, message, part(key, RecordPart::kKey), part(value, RecordPart::kValue), out);
}

}  // namespace omashu::cli
