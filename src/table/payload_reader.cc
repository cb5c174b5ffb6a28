#include "table/payload_reader.h"

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
  const serde::RecordPlace place{
      .topic = message.topic, .part = part, .partition = message.partition, .offset = message.offset};
  std::string out;
  if (!is_avro(message, part, format)) {
    auto appended = serde::append_payload_json(payload_of(message, part), format, out);
    if (!appended) return fail(std::move(appended.error()).within(to_text(place)));
    return out;
  }
  const auto read =
      deserializer_.to_json(payload_of(message, part), schema_id_header(message, part), place, form_, out);
  if (!read) return fail(judged(read.error()));
  return out;
}

Result<std::string> PayloadReader::read_with_fields(const kafka::Message& message, RecordPart part) {
  const std::string& payload = payload_of(message, part);
  const size_t first = payload.find_first_not_of(" \t\r\n");
  const bool may_have_fields = part == RecordPart::kValue && first != std::string::npos &&
                               (payload[first] == '{' || payload[first] == '[') && !is_framed(message, part);
  if (may_have_fields) {
    if (auto json = read(message, part, PayloadFormat::kJson)) return json;
  }
  return read(message, part, PayloadFormat::kAuto);
}

bool PayloadReader::is_avro(const kafka::Message& message, RecordPart part, PayloadFormat format) {
  return format == PayloadFormat::kAvro || (format == PayloadFormat::kAuto && is_framed(message, part));
}

std::optional<serde::SchemaKey> PayloadReader::schema_key(const kafka::Message& message, RecordPart part) {
  if (!is_framed(message, part)) return std::nullopt;
  const auto frame = serde::parse_frame(payload_of(message, part), schema_id_header(message, part));
  if (!frame) return std::nullopt;
  return frame->schema;
}

}  // namespace omashu::table
