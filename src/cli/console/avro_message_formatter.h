// What kafka-avro-console-consumer prints for a record: Confluent's AvroMessageFormatter, byte for byte.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/console/java_deserializer.h"
#include "cli/records/record_formatter.h"
#include "schema_registry/client/client.h"
#include "serde/deserializer.h"

namespace omashu::cli {

struct AvroMessageFormatterOptions {
  bool print_timestamp = false;
  bool print_partition = false;
  bool print_offset = false;
  bool print_headers = false;
  bool print_key = false;
  bool print_schema_ids = false;
  std::string key_separator = "\t";
  std::string line_separator = "\n";
  std::string headers_separator = ",";
  std::string schema_id_separator = "\t";
  std::string null_literal = "null";
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
  Result<void> append_headers(const kafka::Message& message, std::string& out) const;
  Result<void> append_key(const kafka::Message& message, std::string& out);
  Result<void> append_value(const kafka::Message& message, std::string& out);
  Result<void> append_avro(const kafka::Message& message, serde::RecordPart part, std::string& out);

  const AvroMessageFormatterOptions options_;
  serde::Deserializer deserializer_;
};

}  // namespace omashu::cli
