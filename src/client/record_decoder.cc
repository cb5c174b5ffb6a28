#include "client/record_decoder.h"

#include <utility>

#include "avro/codec.h"
#include "base/utf8.h"

namespace omashu::client {

using serde::RecordPart;

// Absent for a tombstone; the text itself where there is no schema id.
Result<std::optional<std::string>> RecordDecoder::decode_part(const kafka::Message& message, RecordPart part) {
  const std::optional<std::string>& payload = part == RecordPart::kKey ? message.key : message.value;
  if (!payload) return std::nullopt;
  std::optional<std::string_view> header;
  for (const kafka::Header& candidate : message.headers) {
    if (candidate.name == serde::schema_id_header_name(part) && candidate.value) header = *candidate.value;
  }
  const serde::RecordPlace place{message.topic, part, message.partition, message.offset};
  if (!serde::is_framed(*payload, header)) {
    if (is_valid_utf8(*payload)) return payload;
    return fail(ErrorCode::kCorrupt, to_text(place) + ": neither a schema id nor text (UTF-8)");
  }
  std::string json;
  auto decoded = deserializer_.to_json(*payload, header, place, avro::JsonForm::kPlain, json);
  if (!decoded) {
    if (serde::is_records_own(decoded.error().code)) decoded.error().code = ErrorCode::kCorrupt;
    return fail(std::move(decoded.error()));
  }
  return std::optional(std::move(json));
}

Result<TypedRecord> RecordDecoder::decode(const kafka::Message& message) {
  auto key = decode_part(message, RecordPart::kKey);
  if (!key) return fail(std::move(key.error()));
  auto value = decode_part(message, RecordPart::kValue);
  if (!value) return fail(std::move(value.error()));
  TypedRecord record{.topic = message.topic,
                     .partition = static_cast<int32_t>(message.partition),
                     .offset = static_cast<int64_t>(message.offset),
                     .timestamp_ms = message.timestamp_ms,
                     .key = std::move(*key),
                     .value = std::move(*value),
                     .headers = {}};
  for (const kafka::Header& header : message.headers) record.headers.push_back({header.name, header.value});
  return record;
}

}  // namespace omashu::client
