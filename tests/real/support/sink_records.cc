#include "real/support/sink_records.h"

#include <algorithm>
#include <stdexcept>

namespace omashu::real {

namespace {

template <class T>
T or_throw(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

}  // namespace

SinkTopic::Registered SinkTopic::add(const std::string& subject, const std::string& text) {
  const auto id = or_throw(registry_.register_schema(subject, {.schema = text}, false));
  const avro::Schema schema = or_throw(avro::Schema::parse(text));
  auto writer = std::make_shared<serde::Deserializer::Writer>(serde::Deserializer::Writer{
      schema, or_throw(avro::Decoder::compile(schema)), or_throw(avro::GenericDecoder::compile(schema))});
  return {.writer = std::move(writer), .id = id};
}

std::string SinkTopic::encode(const Registered& schema, const std::string& json) {
  std::string bytes;
  const avro::Encoder encoder = or_throw(avro::Encoder::compile(schema.writer->schema));
  if (auto encoded = encoder.from_json(json, bytes); !encoded) throw std::runtime_error(encoded.error().message);
  return bytes;
}

sink::SinkPart SinkTopic::part(const Registered& schema, const std::string& data, avro::Arena& arena) {
  return {.bytes = data,
          .data = data,
          .writer = schema.writer,
          .schema_key = schema.id,
          .datum = or_throw(schema.writer->generic.decode(data, arena))};
}

void SinkTopic::add_record(const Place& place, const std::optional<std::string>& key,
                           const std::optional<std::string>& value) {
  Stored& stored = stored_.emplace_back();
  stored.message.topic = name_;
  stored.message.partition = static_cast<kafka::PartitionId>(place.partition);
  stored.message.offset = static_cast<kafka::Offset>(place.offset);
  stored.message.timestamp_ms = place.timestamp_ms;
  sink::SinkRecord record = {.message = &stored.message,
                             .topic = name_,
                             .partition = stored.message.partition,
                             .offset = stored.message.offset,
                             .key = std::nullopt,
                             .value = std::nullopt};
  if (key) {
    stored.key = encode(*key_, *key);
    record.key = part(*key_, stored.key, stored.key_arena);
  }
  if (value) {
    stored.value = encode(*value_, *value);
    record.value = part(*value_, stored.value, stored.value_arena);
  }
  records_.push_back(std::move(record));
  kafka::Offset& next = next_[{.topic = name_, .partition = stored.message.partition}];
  next = std::max(next, stored.message.offset + 1);
}

void SinkTopic::add_encoded(const Place& place, const std::optional<std::string>& key, const std::string& value_bytes) {
  add_record(place, key, std::nullopt);
  Stored& stored = stored_.back();
  stored.value = value_bytes;
  records_.back().value = part(*value_, stored.value, stored.value_arena);
}

sink::Batch SinkTopic::take() {
  taken_ = std::exchange(stored_, {});
  taken_records_ = std::exchange(records_, {});
  return {.records = taken_records_, .next = std::exchange(next_, {})};
}

}  // namespace omashu::real
