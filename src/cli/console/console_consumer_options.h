// The command line of kafka-avro-console-consumer, under the names of its options.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/connection/connection.h"
#include "cli/console/avro_message_formatter.h"
#include "cli/console/java_pattern.h"
#include "cli/records/start_position.h"
#include "omashu/result.h"

namespace omashu::cli {

class OptionParser;

struct ConsoleConsumerOptions {
  // What the command line says.
  std::optional<std::string> topic;
  std::optional<std::string> include;
  std::optional<int64_t> partition;
  std::optional<std::string> offset;
  bool is_from_beginning = false;
  std::optional<int64_t> max_messages;
  std::optional<int64_t> timeout_ms;
  bool is_skipping = false;
  bool has_systest_events = false;
  std::optional<std::string> isolation_level;
  std::optional<std::string> group;
  std::optional<std::string> formatter;
  std::vector<std::string> formatter_properties;
  std::optional<std::string> formatter_config;
  std::optional<std::string> key_deserializer;
  std::optional<std::string> value_deserializer;
  std::vector<std::string> consumer_properties;
  std::vector<std::string> command_properties;
  std::optional<std::string> consumer_config;
  ConnectionOptions connection;

  // What follows from it, once check() was called.
  std::optional<JavaPattern> included_topics;
  StartPosition start;
  std::string group_id;           // console-consumer-NNNNN where none was given
  bool is_committing = false;     // of the group
  std::string auto_offset_reset;  // earliest or latest
  AvroMessageFormatterOptions format;
  std::vector<std::string> warnings;

  void declare(OptionParser& parser);
  Result<void> check();

 private:
  Result<void> check_topics();
  Result<void> check_start();
  Result<void> check_format();
  Result<void> check_consumer_properties();
};

}  // namespace omashu::cli
