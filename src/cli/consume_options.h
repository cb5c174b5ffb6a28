// What the command line of `consume` says.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/connection.h"
#include "cli/console_format.h"
#include "kafka/types.h"
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
  std::optional<kafka::Offset> start;  // of --offset, where it is a number
  std::optional<int64_t> max_messages;
  std::optional<int64_t> timeout_ms;
  bool is_skipping = false;
  std::string isolation_level = "read_uncommitted";
  std::string format = "json";
  bool is_avro_json = false;
  std::string key_format = "auto";
  std::string value_format = "auto";
  std::vector<std::string> properties;
  ConsoleOutput console;
  bool is_console = false;
  ConnectionOptions connection;

  void declare(OptionParser& parser);
  Result<void> check();

 private:
  Result<void> parse_offset();
  Result<void> set_property(const std::string& text);
};

}  // namespace omashu::cli
