// What kafka-avro-console-consumer prints for a record: Confluent's AvroMessageFormatter, byte for byte.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/console/console_format.h"
#include "cli/console/java_deserializer.h"
#include "cli/records/record_formatter.h"
#include "schema_registry/client/client.h"
#include "serde/deserializer.h"

namespace omashu::cli {

struct AvroMessageFormatterOptions {
  ConsoleOutput line;
  std::optional<JavaDeserializer> key_deserializer;  // absent: Avro
  std::optional<JavaDeserializer> headers_deserializer;
  bool use_logical_type_converters = false;

  // By the names of its properties; those that are not its own are passed over. Values are taken as they stand: \t is
  // two characters.
  static Result<AvroMessageFormatterOptions> parse(const std::map<std::string, std::string>& properties);
  static const std::vector<std::string>& property_names();
};

class AvroMessageFormatter : public RecordFormatter {
 public:
  // The registry must outlive it.
  AvroMessageFormatter(AvroMessageFormatterOptions options, schema_registry::Client& registry);

  // A record that cannot be printed prints nothing at all, where Java's tool leaves the parts before the failure.
  Result<bool> append(const kafka::Message& message, std::string& out) override;

 private:
  // The texts of the headers' values, in order.
  Result<std::vector<std::optional<std::string>>> header_texts(const kafka::Message& message) const;
  Result<ConsolePart> key_part(const kafka::Message& message);
  Result<ConsolePart> value_part(const kafka::Message& message);
  Result<ConsolePart> avro_part(const kafka::Message& message, serde::RecordPart part);

  const AvroMessageFormatterOptions options_;
  serde::Deserializer deserializer_;
};

}  // namespace omashu::cli
