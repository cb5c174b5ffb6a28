#include "cli/consume_formatter.h"

#include <fmt/core.h>

#include "cli/record_json.h"

namespace omashu::cli {

namespace {

using serde::RecordPart;
using table::PayloadFormat;
using table::PayloadReader;

PayloadFormat format_named(const std::string& name) {
  if (name == "avro") return PayloadFormat::kAvro;
  return name == "string" ? PayloadFormat::kText : PayloadFormat::kAuto;
}

// What carries no schema is printed as it is: only Avro data prints as JSON.
ConsolePart console_part(const kafka::Message& message, RecordPart part, const std::optional<std::string>& json) {
  if (!json) return {};
  const auto schema = PayloadReader::schema_key(message, part);
  if (!schema) return {.text = part == RecordPart::kKey ? message.key : message.value, .schema_id = ""};
  const auto* id = std::get_if<serde::SchemaId>(&*schema);
  return {.text = json,
          .schema_id = id != nullptr ? fmt::format("{}", static_cast<int32_t>(*id))
                                     : serde::to_text(std::get<serde::Guid>(*schema))};
}

// With its line end.
void print_record(const ConsumeOptions& options, const kafka::Message& message, const DecodedRecord& decoded,
                  std::string& out) {
  if (options.is_console) {
    append_console_record(options.console, message, console_part(message, RecordPart::kKey, decoded.key),
                          console_part(message, RecordPart::kValue, decoded.value), out);
    return;
  }
  append_record(out, message, decoded.key, decoded.value, options.is_avro_json);
  out += '\n';
}

}  // namespace

ConsumeFormatter::ConsumeFormatter(const ConsumeOptions& options, schema_registry::Client& registry)
    : options_(options),
      reader_(registry, std::nullopt, options.is_avro_json ? avro::JsonForm::kAvro : avro::JsonForm::kPlain) {}

Result<bool> ConsumeFormatter::append(const kafka::Message& message, std::string& out) {
  const auto decoded = decode(message);
  if (!decoded) return fail(decoded.error());
  print_record(options_, message, *decoded, out);
  return true;
}

Result<DecodedRecord> ConsumeFormatter::decode(const kafka::Message& message) {
  auto key = decode_part(message, RecordPart::kKey);
  if (!key) return fail(std::move(key.error()));
  auto value = decode_part(message, RecordPart::kValue);
  if (!value) return fail(std::move(value.error()));
  return DecodedRecord{.key = *std::move(key), .value = *std::move(value)};
}

Result<std::optional<std::string>> ConsumeFormatter::decode_part(const kafka::Message& message, RecordPart part) {
  const bool is_key = part == RecordPart::kKey;
  if (!(is_key ? message.key : message.value)) return std::nullopt;
  auto text = reader_.read(message, part, format_named(is_key ? options_.key_format : options_.value_format));
  if (!text) return fail(std::move(text.error()));
  return *std::move(text);
}

}  // namespace omashu::cli
