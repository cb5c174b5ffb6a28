#include "cli/records/consume_formatter.h"

#include <fmt/core.h>

#include "base/json.h"
#include "cli/console/console_text.h"
#include "cli/output/row_columns.h"
#include "cli/records/line_payload.h"
#include "cli/records/record_json.h"

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

// A JSON string as its text; other JSON as it is.
std::optional<std::string> as_text(const std::optional<std::string>& json) {
  if (!json || !json->starts_with('"')) return json;
  const auto parsed = json::parse(*json);
  return parsed ? parsed->text() : json;
}

// For RowOutput: the columns of a table's row, and the headers.
std::string as_columns(const kafka::Message& message, const std::optional<std::string>& key,
                       const std::optional<std::string>& value) {
  const std::string key_json = key.value_or("null");
  const table::Row row{.key = key_json,
                       .value = value,
                       .position = {.partition = message.partition, .offset = message.offset},
                       .timestamp_ms = message.timestamp_ms};
  json::Value columns = row_columns(row);
  std::string headers;
  for (const kafka::Header& header : message.headers) {
    headers += (headers.empty() ? "" : ",") + header.name + "=" + header.value.value_or("null");
  }
  if (!headers.empty()) columns.add("(headers)", headers);
  return json::to_text(columns);
}

// Under `auto`, data may seem to be framed that is something else.
Error with_advice(Error error, std::string_view payload, RecordPart part) {
  error.message += fmt::format("; should this be no Avro data, --{0}-format bytes prints what is there",
                               serde::record_part_name(part));
  if (payload.size() == 8) error.message += ", and long or double what Java's serializers write";
  return error;
}

}  // namespace

ConsumeFormatter::ConsumeFormatter(ConsumeOptions& options, ConsumeOptions::Form form,
                                   schema_registry::Client& registry)
    : options_(options), form_(form), reader_(registry, std::nullopt, options.json_form()) {}

Result<bool> ConsumeFormatter::append(const kafka::Message& message, std::string& out) {
  const auto is_selected = options_.selection.matches(message);
  if (!is_selected || !*is_selected) return is_selected;
  if (options_.selection.key()) {
    const auto has_key = has_selected_key(message);
    if (!has_key || !*has_key) return has_key;
  }
  const auto value = read(message, RecordPart::kValue);
  if (!value) return fail(value.error());
  const auto key = read(message, RecordPart::kKey);
  if (!key && key.error().code != ErrorCode::kCorrupt) return fail(key.error());
  print(message, key ? *key : as_bytes(message, RecordPart::kKey), *value, out);
  if (!key) return fail(key.error());
  return true;
}

// A key that does not decode is compared by its bytes alone.
Result<bool> ConsumeFormatter::has_selected_key(const kafka::Message& message) {
  const auto json = reader_.read(message, RecordPart::kKey, options_.formats.of(RecordPart::kKey));
  if (!json && json.error().code != ErrorCode::kCorrupt) return fail(json.error());
  return options_.selection.key()->matches(*message.key, json ? *json : std::string());
}

bool ConsumeFormatter::is_printed(RecordPart part) const {
  const bool is_key = part == RecordPart::kKey;
  switch (form_) {
    case ConsumeOptions::Form::kJson:
    case ConsumeOptions::Form::kRows: break;
    case ConsumeOptions::Form::kConsole: return is_key ? options_.console.print_key : options_.console.print_value;
    case ConsumeOptions::Form::kValue: return !is_key;
    case ConsumeOptions::Form::kTemplate:
      return is_key ? options_.record_template->has_key() : options_.record_template->has_value();
  }
  return true;
}

// What is not printed is not read. In a line of JSON, the text is as it stands there.
Result<std::optional<std::string>> ConsumeFormatter::read(const kafka::Message& message, RecordPart part) {
  const std::optional<std::string>& payload = payload_of(message, part);
  if (!payload || !is_printed(part)) return std::nullopt;
  const PayloadFormat format = options_.formats.of(part);
  const bool is_avro = PayloadReader::is_avro(message, part, format);
  if (form_ == ConsumeOptions::Form::kConsole && !is_avro) {
    if (auto text = console_text(*payload, format, options_.console)) return text;
  }
  auto json = reader_.read(message, part, format);
  if (!json) {
    if (format != PayloadFormat::kAuto || json.error().code != ErrorCode::kCorrupt) return fail(json.error());
    return fail(with_advice(std::move(json.error()), *payload, part));
  }
  const bool is_line = form_ == ConsumeOptions::Form::kJson;
  if (!is_line || (!is_avro && format != PayloadFormat::kJson)) return *std::move(json);
  return line_datum(*std::move(json), is_avro ? "avro" : "json");
}

std::optional<std::string> ConsumeFormatter::as_bytes(const kafka::Message& message, RecordPart part) {
  return base64_json(*payload_of(message, part));
}

void ConsumeFormatter::print(const kafka::Message& message, const std::optional<std::string>& key,
                             const std::optional<std::string>& value, std::string& out) const {
  switch (form_) {
    case ConsumeOptions::Form::kJson:
      append_record(out, message, key, value, options_.is_avro_json);
      out += '\n';
      return;
    case ConsumeOptions::Form::kRows: out += as_columns(message, key, value); return;
    case ConsumeOptions::Form::kValue: out.append(as_text(value).value_or("null")).append("\n"); return;
    case ConsumeOptions::Form::kTemplate:
      options_.record_template->append(message, as_text(key), as_text(value), out);
      return;
    case ConsumeOptions::Form::kConsole: break;
  }
  const auto part = [&](const std::optional<std::string>& text, RecordPart which) {
    return ConsolePart{.text = text, .schema_id = text ? schema_id_text(message, which) : ""};
  };
  append_console_record(
      options_.console, message, [](const kafka::Header& header) { return header.value; }, part(key, RecordPart::kKey),
      part(value, RecordPart::kValue), out);
}

}  // namespace omashu::cli
