// The record that kafka-avro-console-producer makes of a line: Confluent's AvroMessageReader.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console/console_format.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/serializer.h"

namespace omashu::cli {

// Those of Kafka's serializers that Confluent's reader can use for keys.
enum class KeySerializer : uint8_t { kAvro, kString, kLong, kInteger, kShort };

class AvroMessageReader {
 public:
  // `properties` are the reader's, by Confluent's names; those that are not its own are passed over. Separators are
  // taken as they stand: \t is two characters. Registers the schemas, or asks for them, as the properties have it.
  static Result<AvroMessageReader> open(schema_registry::Client& registry, const std::string& topic,
                                        const std::map<std::string, std::string>& properties);

  static const std::vector<std::string>& property_names();

  Result<kafka::Record> read(std::string_view line) const;

 private:
  AvroMessageReader(std::string topic, ConsoleLineReader lines, KeySerializer key_serializer, serde::Serializer value,
                    std::optional<serde::Serializer> key);

  Result<std::string> read_key(std::string_view text) const;

  std::string topic_;
  ConsoleLineReader lines_;
  KeySerializer key_serializer_;
  serde::Serializer value_;
  std::optional<serde::Serializer> key_;  // absent: another serializer, or no key
};

}  // namespace omashu::cli
