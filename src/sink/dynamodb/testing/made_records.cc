#include "sink/dynamodb/testing/made_records.h"

#include "avro/codec.h"

namespace omashu::sink::dynamodb::testing {

namespace {

std::shared_ptr<const serde::Deserializer::Writer> make_writer(const std::string& text) {
  const avro::Schema schema = avro::Schema::parse(text).value();
  return std::make_shared<const serde::Deserializer::Writer>(serde::Deserializer::Writer{
      schema, avro::Decoder::compile(schema).value(), avro::GenericDecoder::compile(schema).value()});
}

}  // namespace

MadeRecords::MadeRecords(std::string topic, const std::string& key_schema, const std::string& value_schema)
    : topic_(std::move(topic)), key_writer_(make_writer(key_schema)), value_writer_(make_writer(value_schema)) {}

SinkPart MadeRecords::make_part(const Writer& writer, const std::string& json) {
  std::string& bytes = bytes_.emplace_back();
  const Result<void> encoded = avro::Encoder::compile(writer->schema).value().from_json(json, bytes);
  encoded.value();  // throws where the JSON does not suit the schema
  data_.push_back(writer->generic.decode_owned(bytes).value());
  return {bytes, bytes, writer, std::nullopt, *data_.back()};
}

const SinkRecord& MadeRecords::add(int partition, int64_t offset, const std::optional<std::string>& key,
                                   const std::optional<std::string>& value, int64_t timestamp_ms) {
  kafka::Message& message = messages_.emplace_back();
  message.topic = topic_;
  message.partition = kafka::PartitionId{partition};
  message.offset = kafka::Offset{offset};
  message.timestamp_ms = timestamp_ms;
  SinkRecord record{.message = &message,
                    .topic = topic_,
                    .partition = message.partition,
                    .offset = message.offset,
                    .key = {},
                    .value = {}};
  if (key) record.key = make_part(key_writer_, *key);
  if (value) record.value = make_part(value_writer_, *value);
  records_.push_back(std::move(record));
  return records_.back();
}

}  // namespace omashu::sink::dynamodb::testing
