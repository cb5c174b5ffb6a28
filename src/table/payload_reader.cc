#include "table/payload_reader.h"

namespace omashu::table {

namespace {

using serde::RecordPart;

bool is_framed(const Payload& payload) { return serde::is_framed(payload.bytes, payload.schema_id_header); }

bool has_avro(const Payload& payload, PayloadFormat format) {
  return format == PayloadFormat::kAvro || (format == PayloadFormat::kAuto && is_framed(payload));
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

Payload payload_of(const kafka::Message& message, RecordPart part) {
  return {.bytes = part == RecordPart::kKey ? *message.key : *message.value,
          .schema_id_header = schema_id_header(message, part),
          .place = {.topic = message.topic, .part = part, .partition = message.partition, .offset = message.offset}};
}

PayloadReader::PayloadReader(schema_registry::Client& registry, const std::optional<avro::Schema>& reader,
                             avro::JsonForm form)
    : deserializer_(registry, {.reader = reader}), form_(form) {}

Result<std::string> PayloadReader::read(const Payload& payload, PayloadFormat format) {
  std::string out;
  if (!has_avro(payload, format)) {
    auto appended = serde::append_payload_json(payload.bytes, format, out);
    if (!appended) return fail(std::move(appended.error()).within(to_text(payload.place)));
    return out;
  }
  const auto read = deserializer_.to_json(payload.bytes, payload.schema_id_header, payload.place, form_, out);
  if (!read) return fail(judged(read.error()));
  return out;
}

Result<std::string> PayloadReader::read_with_fields(const Payload& payload) {
  const size_t first = payload.bytes.find_first_not_of(" \t\r\n");
  const bool may_have_fields = payload.place.part == RecordPart::kValue && first != std::string::npos &&
                               (payload.bytes[first] == '{' || payload.bytes[first] == '[') && !is_framed(payload);
  if (may_have_fields) {
    if (auto json = read(payload, PayloadFormat::kJson)) return json;
  }
  return read(payload, PayloadFormat::kAuto);
}

bool PayloadReader::is_avro(const kafka::Message& message, RecordPart part, PayloadFormat format) {
  return has_avro(payload_of(message, part), format);
}

std::optional<serde::SchemaKey> PayloadReader::schema_key(const kafka::Message& message, RecordPart part) {
  const Payload payload = payload_of(message, part);
  if (!is_framed(payload)) return std::nullopt;
  const auto frame = serde::parse_frame(payload.bytes, payload.schema_id_header);
  if (!frame) return std::nullopt;
  return frame->schema;
}

}  // namespace omashu::table
