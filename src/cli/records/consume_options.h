// What the command line of `consume` says.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "avro/codec.h"
#include "cli/connection/connection.h"
#include "cli/console/console_format.h"
#include "cli/output/row_output.h"
#include "cli/records/part_formats.h"
#include "cli/records/record_selection.h"
#include "cli/records/record_template.h"
#include "cli/records/start_position.h"
#include "omashu/result.h"

namespace omashu::cli {

class OptionParser;

struct ConsumeOptions {
  enum class Form : uint8_t {
    kJson,      // a line of JSON for each record
    kRows,      // what `rows` says: a table, a field a line, or JSON of some columns
    kConsole,   // as kafka-avro-console-consumer
    kValue,     // values alone
    kTemplate,  // `record_template`
  };

  std::optional<std::string> topic;
  std::optional<std::string> topic_flag;
  std::optional<std::string> group;
  std::optional<int64_t> partition;
  std::optional<int64_t> max_messages;
  std::optional<int64_t> timeout_ms;
  bool is_to_present_end = false;
  bool is_skipping = false;
  std::string isolation_level = "read_uncommitted";
  RecordSelection selection;
  bool is_avro_json = false;
  PartFormats formats;
  ConsoleOutput console;
  ConnectionOptions connection;
  RowOutput rows;

  // What follows from the command line, once check() was called.
  StartPosition start;
  std::optional<int64_t> tail;
  std::optional<int64_t> until_ms;
  bool is_console = false;
  bool is_value = false;
  std::optional<RecordTemplate> record_template;

  void declare(OptionParser& parser);
  Result<void> check();

  Form form(const Output& out) const;
  // The form of Avro data: the console tools print Avro's own JSON.
  avro::JsonForm json_form() const;
  // Whether no record but those that are there by now is read.
  bool has_end() const { return is_to_present_end || until_ms || tail; }
  bool is_from_beginning() const { return is_from_beginning_; }

 private:
  void declare_range(OptionParser& parser);
  void declare_format(OptionParser& parser);
  Result<void> check_range();
  Result<void> check_times();
  Result<void> check_format();
  Result<void> set_property(const std::string& text);

  bool is_from_beginning_ = false;
  std::optional<std::string> offset_;
  std::optional<std::string> from_;
  std::optional<std::string> until_;
  std::optional<std::string> output_;
  std::string format_ = "json";
  std::vector<std::string> properties_;
  bool is_readable_console_ = false;  // avro.use.logical.type.converters
};

}  // namespace omashu::cli
