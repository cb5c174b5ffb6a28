// Records as lines of text, as Kafka's and Confluent's console tools read and print them, under the names of their
// properties (`--property name=value`): for produce and consume with --format console, and for console-producer and
// console-consumer. What the texts in a line mean is theirs to say.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/console/java_pattern.h"
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
  bool has_pattern = false;                 // headers_separator is a regular expression

  // As Java's tools read them: anything but "true" is false, \t is two characters,
  // headers.separator is a regular expression. Others are passed over.
  static ConsoleInput of_java(const std::map<std::string, std::string>& properties);

  // Whether it is a property of this, and its value is right. Here \t is a tab.
  Result<bool> set(const std::string& name, const std::string& value);
  static const std::vector<std::string>& names();
};

struct ConsoleRecord {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<kafka::Header> headers;
};

class ConsoleLineReader {
 public:
  // Fails where separators are equal that must not be, or headers.separator is no regular expression.
  static Result<ConsoleLineReader> open(ConsoleInput format);

  // "headers<delimiter>key<separator>value", the first two where they are asked for.
  Result<ConsoleRecord> read(std::string_view line) const;

 private:
  ConsoleLineReader(ConsoleInput format, JavaPattern headers_separator)
      : format_(std::move(format)), headers_separator_(std::move(headers_separator)) {}

  Result<std::optional<std::string_view>> take_before(bool is_expected, std::string_view& rest,
                                                      std::string_view separator, std::string_view name) const;
  Result<std::vector<kafka::Header>> read_headers(std::string_view text) const;
  bool is_null(std::string_view text) const { return format_.null_marker && text == *format_.null_marker; }
  std::optional<std::string> text_or_null(std::string_view text) const;

  ConsoleInput format_;
  JavaPattern headers_separator_;
};

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

  static ConsoleOutput of_java(const std::map<std::string, std::string>& properties);  // as that of ConsoleInput
  Result<bool> set(const std::string& name, const std::string& value);
  static const std::vector<std::string>& names();
};

struct ConsolePart {
  std::optional<std::string> text;  // absent: null
  std::string schema_id;            // "" where there is none
};

// "CreateTime:ts", "Partition:n", "Offset:n", headers, key, value, with the key separator between them, and the line
// separator behind. `header_text` gives the text of a header's value.
void append_console_record(const ConsoleOutput& format, const kafka::Message& message,
                           const std::function<std::optional<std::string>(const kafka::Header&)>& header_text,
                           const ConsolePart& key, const ConsolePart& value, std::string& out);

}  // namespace omashu::cli
