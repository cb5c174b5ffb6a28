// Records as the engine hands them to a sink, made of schemas and JSON. They live as long as this object.

#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sink/sink.h"

namespace omashu::sink::dynamodb::testing {

class MadeRecords {
 public:
  // `key_schema` and `value_schema` are Avro schemas; keys and values JSON as people write it.
  MadeRecords(std::string topic, const std::string& key_schema, const std::string& value_schema);

  // Without a value it is a tombstone; the timestamp is `timestamp_ms`.
  const SinkRecord& add(int partition, int64_t offset, const std::optional<std::string>& key,
                        const std::optional<std::string>& value, int64_t timestamp_ms = 1'000);

  const std::vector<SinkRecord>& records() const { return records_; }
  void clear() { records_.clear(); }

 private:
  using Writer = std::shared_ptr<const serde::Deserializer::Writer>;

  SinkPart make_part(const Writer& writer, const std::string& json);

  const std::string topic_;
  const Writer key_writer_, value_writer_;
  std::vector<SinkRecord> records_;
  std::deque<kafka::Message> messages_;
  std::deque<std::string> bytes_;
  std::deque<avro::OwnedDatum> data_;
};

}  // namespace omashu::sink::dynamodb::testing
