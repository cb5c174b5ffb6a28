#include "table/payload_reader.h"

#include <fmt/core.h>

#include "base/json.h"
#include "base/utf8.h"

namespace omashu::table {

namespace {

using serde::RecordPart;

const std::string& payload_of(const kafka::Message& message, RecordPart part) {
  return part == RecordPart::kKey ? *message.key : *message.value;
}

bool is_framed(const kafka::Message& message, RecordPart part) {
  return serde::is_framed(payload_of(message, part), schema_id_header(message, part));
}

Error judged(Error error) {
  if (serde::is_records_own(error.code)) error.code = ErrorCode::kCorrupt;
  return error;
}

Result<std::string> read_text(const kafka::Message& message, RecordPart part) {
  const std::string& payload = payload_of(message, part);
  if (part == RecordPart::kValue) {
    if (const auto parsed = json::parse(payload)) return json::to_text(*parsed);
  }
  if (!is_valid_utf8(payload)) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("{}-{}-{} {}: neither Confluent's framing nor text (UTF-8)", message.topic,
                            message.partition, message.offset, serde::record_part_name(part)));
  }
  std::string out;
  json::append_quoted(out, payload);
  return out;
}

}  // namespace

std::optional<std::string_view> schema_id_header(const kafka::Message& message, RecordPart part) {
  for (auto header = message.headers.rbegin(); header != message.headers.rend(); ++header) {
    if (header->name == serde::schema_id_header_name(part) && header->value) return *header->value;
  }
  return std::nullopt;
}

PayloadReader::PayloadReader(schema_registry::Client& registry, const std::optional<avro::Schema>& reader,
                             avro::JsonForm form)
    : deserializer_(registry, {.reader = reader}), form_(form) {}

Result<std::string> PayloadReader::read(const kafka::Message& message, RecordPart part, PayloadFormat format) {
  if (format == PayloadFormat::kText || (format == PayloadFormat::kAuto && !is_framed(message, part))) {
    return read_text(message, part);
  }
  const serde::RecordPlace place{
      .topic = message.topic, .part = part, .partition = message.partition, .offset = message.offset};
  std::string out;
  const auto read =
      deserializer_.to_json(payload_of(message, part), schema_id_header(message, part), place, form_, out);
  if (!read) return fail(judged(read.error()));
  return out;
}

std::optional<serde::SchemaKey> PayloadReader::schema_key(const kafka::Message& message, RecordPart part) {
  if (!is_framed(message, part)) return std::nullopt;
  const auto frame = serde::parse_frame(payload_of(message, part), schema_id_header(message, part));
  if (!frame) return std::nullopt;
  return frame->schema;
}

}  // namespace omashu::table
