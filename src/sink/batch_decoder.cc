#include "sink/batch_decoder.h"

#include <utility>

#include "avro/varint.h"
#include "serde/record_place.h"
#include "serde/wire_format.h"
#include "sink/retry_place.h"

namespace omashu::sink {

using serde::PayloadFormat;
using serde::RecordPart;

namespace {

// The schema that a payload of the format is seen by, where none is registered for it.
const char* schema_of(PayloadFormat format) {
  switch (format) {
    case PayloadFormat::kBytes: return R"("bytes")";
    case PayloadFormat::kLong: return R"("long")";
    case PayloadFormat::kInt:
    case PayloadFormat::kShort: return R"("int")";
    case PayloadFormat::kDouble: return R"("double")";
    case PayloadFormat::kFloat: return R"("float")";
    case PayloadFormat::kUuid: return R"({"type":"string","logicalType":"uuid"})";
    case PayloadFormat::kAuto:
    case PayloadFormat::kAvro:
    case PayloadFormat::kJson:
    case PayloadFormat::kString: break;
  }
  return R"("string")";
}

serde::RecordPlace place_of(const kafka::Message& message, RecordPart part) {
  return {.topic = message.topic, .part = part, .partition = message.partition, .offset = message.offset};
}

}  // namespace

BatchDecoder::BatchDecoder(schema_registry::Client& registry, PartFormats formats,
                           std::function<bool(const std::string& topic)> is_retry_topic)
    : deserializer_(registry), formats_(formats), is_retry_topic_(std::move(is_retry_topic)) {}

Result<void> BatchDecoder::decode(std::span<const kafka::Message* const> messages) {
  records_.clear();
  undecodable_.clear();
  data_.clear();
  plain_data_.clear();
  more_arenas_.clear();
  arena_.reset();
  for (const kafka::Message* message : messages) {
    SinkRecord record;
    record.message = message;
    const RecordOrigin origin = is_retry_topic_(message->topic)
                                    ? origin_of_retry(*message)
                                    : RecordOrigin{message->topic, message->partition, message->offset};
    record.topic = origin.topic;
    record.partition = origin.partition;
    record.offset = origin.offset;
    bool is_decoded = true;
    for (const RecordPart part : {RecordPart::kKey, RecordPart::kValue}) {
      const bool is_key = part == RecordPart::kKey;
      if (!(is_key ? message->key : message->value)) continue;
      Result<SinkPart> decoded = decode_part(*message, part);
      if (decoded) {
        (is_key ? record.key : record.value) = std::move(*decoded);
        continue;
      }
      if (!serde::is_records_own(decoded.error().code)) return fail(std::move(decoded.error()));
      undecodable_.push_back(
          {message, is_key ? FailedStage::kKeyConverter : FailedStage::kValueConverter, std::move(decoded.error())});
      is_decoded = false;
      break;
    }
    if (is_decoded) records_.push_back(std::move(record));
  }
  return {};
}

Result<SinkPart> BatchDecoder::decode_part(const kafka::Message& message, RecordPart part) {
  const PayloadFormat format = part == RecordPart::kKey ? formats_.key : formats_.value;
  const std::string& payload = part == RecordPart::kKey ? *message.key : *message.value;
  const auto header = find_header(message, serde::schema_id_header_name(part));
  const serde::RecordPlace place = place_of(message, part);
  if (format != PayloadFormat::kAvro && !(format == PayloadFormat::kAuto && serde::is_framed(payload, header))) {
    auto decoded = decode_plain(payload, format);
    if (!decoded) return fail(std::move(decoded.error()).within(to_text(place)));
    return decoded;
  }
  auto read = deserializer_.read(payload, header, place);
  if (!read) return fail(std::move(read.error()));
  const serde::Deserializer::Datum& datum = data_.emplace_back(std::move(*read));
  auto decoded = decode_datum(*datum.writer, datum.bytes);
  if (!decoded) {
    return fail(std::move(decoded.error()).within(to_text(place) + " (" + to_text(datum.key) + ")"));
  }
  return SinkPart{
      .bytes = payload, .data = datum.bytes, .writer = datum.writer, .schema_key = datum.key, .datum = *decoded};
}

Result<SinkPart> BatchDecoder::decode_plain(std::string_view payload, PayloadFormat format) {
  std::string json;
  if (auto read = serde::append_payload_json(payload, format, json); !read) return fail(std::move(read.error()));
  const bool is_bytes = format == PayloadFormat::kAuto && json.starts_with('{');
  const auto schema = plain_schema(is_bytes ? schema_of(PayloadFormat::kBytes) : schema_of(format));
  if (!schema) return fail(schema.error());
  std::string& data = plain_data_.emplace_back();
  if (format == PayloadFormat::kAuto || format == PayloadFormat::kString || format == PayloadFormat::kJson) {
    avro::append_long(data, static_cast<int64_t>(payload.size()));
    data += payload;
  } else if (auto encoded = (*schema)->encoder.from_json(json, data); !encoded) {
    return fail(std::move(encoded.error()));
  }
  auto decoded = decode_datum(*(*schema)->writer, data);
  if (!decoded) return fail(std::move(decoded.error()));
  return SinkPart{
      .bytes = payload, .data = data, .writer = (*schema)->writer, .schema_key = std::nullopt, .datum = *decoded};
}

Result<const BatchDecoder::PlainSchema*> BatchDecoder::plain_schema(const char* text) {
  if (const auto found = plain_schemas_.find(text); found != plain_schemas_.end()) return &found->second;
  auto schema = avro::Schema::parse(text);
  if (!schema) return fail(std::move(schema.error()));
  auto encoder = avro::Encoder::compile(*schema);
  auto decoder = avro::Decoder::compile(*schema);
  auto generic = avro::GenericDecoder::compile(*schema);
  if (!encoder || !decoder || !generic) return fail(ErrorCode::kInternal, "a primitive schema does not compile");
  auto writer = std::make_shared<const Writer>(Writer{*schema, std::move(*decoder), std::move(*generic)});
  return &plain_schemas_.emplace(text, PlainSchema{std::move(writer), std::move(*encoder)}).first->second;
}

// A record of few bytes may stand for much memory. One that finds no room beside the others gets an arena of its own.
Result<avro::Datum> BatchDecoder::decode_datum(const Writer& writer, std::string_view data) {
  auto decoded = writer.generic.decode_beside_others(data, arena_);
  if (decoded || !writer.decoder.validate(data)) return decoded;
  return writer.generic.decode(data, more_arenas_.emplace_back());
}

}  // namespace omashu::sink
