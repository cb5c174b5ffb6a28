// Records as they stand on topics to records as sinks take them. For one thread.

#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "avro/arena.h"
#include "avro/codec.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/deserializer.h"
#include "serde/payload_format.h"
#include "sink/dead_letter.h"
#include "sink/sink.h"

namespace omashu::sink {

struct PartFormats {
  serde::PayloadFormat key = serde::PayloadFormat::kAuto;
  serde::PayloadFormat value = serde::PayloadFormat::kAuto;
};

// A record that no repetition decodes.
struct Undecodable {
  const kafka::Message* message = nullptr;
  FailedStage stage = FailedStage::kValueConverter;
  Error reason;
};

class BatchDecoder {
 public:
  // `is_retry_topic`: whose headers say where a record was written first. The registry must outlive the decoder.
  BatchDecoder(schema_registry::Client& registry, PartFormats formats,
               std::function<bool(const std::string& topic)> is_retry_topic);

  // Replaces what was decoded before, which is invalid then. The messages must live as long as the records are used.
  // An error is the registry's: it may answer later. Then nothing is decoded.
  Result<void> decode(std::span<const kafka::Message* const> messages);

  std::span<const SinkRecord> records() const { return records_; }
  std::span<const Undecodable> undecodable() const { return undecodable_; }

 private:
  using Writer = serde::Deserializer::Writer;

  // How payloads without a registered schema become Avro.
  struct PlainSchema {
    std::shared_ptr<const Writer> writer;
    avro::Encoder encoder;
  };

  Result<SinkPart> decode_part(const kafka::Message& message, serde::RecordPart part);
  Result<SinkPart> decode_plain(std::string_view payload, serde::PayloadFormat format);
  Result<const PlainSchema*> plain_schema(const char* schema);
  Result<avro::Datum> decode_datum(const Writer& writer, std::string_view data);

  serde::Deserializer deserializer_;
  const PartFormats formats_;
  const std::function<bool(const std::string& topic)> is_retry_topic_;
  std::map<std::string, PlainSchema> plain_schemas_;  // by their text

  std::vector<SinkRecord> records_;
  std::vector<Undecodable> undecodable_;
  std::deque<serde::Deserializer::Datum> data_;  // what the records' views lie in
  std::deque<std::string> plain_data_;
  avro::Arena arena_;
  std::deque<avro::Arena> more_arenas_;  // of records that found no room in it
};

}  // namespace omashu::sink
