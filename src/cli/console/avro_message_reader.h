// The record that kafka-avro-console-producer makes of a line: Confluent's AvroMessageReader.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console/java_pattern.h"
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
  // How a line is split.
  struct Format {
    bool parse_key = false;
    bool parse_headers = false;
    bool ignore_error = false;
    std::string key_separator = "\t";
    std::string headers_delimiter = "\t";
    std::string headers_separator = ",";
    std::string headers_key_separator = ":";
    std::optional<std::string> null_marker;
    KeySerializer key_serializer = KeySerializer::kAvro;

    static Result<Format> parse(const std::map<std::string, std::string>& properties);
    Result<void> check() const;
  };

  AvroMessageReader(std::string topic, Format format, JavaPattern headers_separator, serde::Serializer value,
                    std::optional<serde::Serializer> key);

  Result<std::optional<std::string_view>> take_before(bool is_expected, std::string_view& rest,
                                                      std::string_view separator, std::string_view name) const;
  Result<std::vector<kafka::Header>> read_headers(std::string_view text) const;
  Result<std::string> read_key(std::string_view text) const;
  bool is_null(std::string_view text) const { return format_.null_marker && text == *format_.null_marker; }

  std::string topic_;
  Format format_;
  JavaPattern headers_separator_;
  serde::Serializer value_;
  std::optional<serde::Serializer> key_;  // absent: another serializer, or no key
};

}  // namespace omashu::cli
