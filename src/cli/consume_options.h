// What the command line of `consume` says.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "avro/codec.h"
#include "cli/connection.h"
#include "cli/console_format.h"
#include "cli/part_formats.h"
#include "cli/start_position.h"
#include "omashu/result.h"

namespace omashu::cli {

class OptionParser;

struct ConsumeOptions {
  std::optional<std::string> topic;
  std::optional<std::string> topic_flag;
  std::optional<std::string> group;
  bool is_from_beginning = false;
  std::optional<int64_t> partition;
  std::optional<std::string> offset;
  StartPosition start;  // of --offset or --from-beginning
  std::optional<int64_t> max_messages;
  std::optional<int64_t> timeout_ms;
  bool is_skipping = false;
  std::string isolation_level = "read_uncommitted";
  std::string format = "json";
  bool is_avro_json = false;
  PartFormats formats;
  std::vector<std::string> properties;
  ConsoleOutput console;
  bool is_console = false;
  bool is_readable_console = false;  // avro.use.logical.type.converters
  ConnectionOptions connection;

  void declare(OptionParser& parser);
  Result<void> check();

  // The form of Avro data: the console tools print Avro's own JSON.
  avro::JsonForm json_form() const;

 private:
  Result<void> set_property(const std::string& text);
};

}  // namespace omashu::cli
