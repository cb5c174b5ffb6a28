// Records as lines of text, as Kafka's and Confluent's console tools read and print them, under the names of their
// properties (`--property name=value`).

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kafka/types.h"
#include "omashu/result.h"

namespace omashu::cli {

// ---- the producer's side

struct ConsoleInput {
  bool parse_key = false;
  std::string key_separator = "\t";
  bool parse_headers = false;
  std::string headers_delimiter = "\t";     // between the headers and the rest
  std::string headers_separator = ",";      // between headers
  std::string headers_key_separator = ":";  // between a header's name and its value
  std::optional<std::string> null_marker;   // a key, value or header value that means null
  bool ignore_error = false;                // a line without a separator is a value alone

  // Whether it is a property of this, and its value is right.
  Result<bool> set(const std::string& name, const std::string& value);
  static const std::vector<std::string>& names();
};

struct ConsoleRecord {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<kafka::Header> headers;
};

// "headers<delimiter>key<separator>value", the first two where they are asked for.
Result<ConsoleRecord> parse_console_record(const ConsoleInput& format, std::string_view line);

// ---- the consumer's side

struct ConsoleOutput {
  bool print_timestamp = false;
  bool print_partition = false;
  bool print_offset = false;
  bool print_headers = false;
  bool print_key = false;
  bool print_value = true;
  bool print_schema_ids = false;
  std::string key_separator = "\t";
  std::string line_separator = "\n";
  std::string headers_separator = ",";
  std::string schema_id_separator = "\t";
  std::string null_literal = "null";

  Result<bool> set(const std::string& name, const std::string& value);
  static const std::vector<std::string>& names();
};

struct ConsolePart {
  std::optional<std::string> text;  // absent: null
  std::string schema_id;            // "" where there is none
};

// "CreateTime:ts", "Partition:n", "Offset:n", headers, key, value, with the key separator between them, and the line
// separator behind.
void append_console_record(const ConsoleOutput& format, const kafka::Message& message, const ConsolePart& key,
                           const ConsolePart& value, std::string& out);

}  // namespace omashu::cli
