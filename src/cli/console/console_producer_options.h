// The command line of kafka-avro-console-producer, under the names of its options.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/connection/connection.h"
#include "cli/console/console_properties.h"
#include "omashu/result.h"

namespace omashu::cli {

class OptionParser;

struct ConsoleProducerOptions {
  // What the command line says.
  std::optional<std::string> topic;
  std::optional<std::string> broker_list;
  bool is_sync = false;
  std::optional<std::string> line_reader;
  std::vector<std::string> reader_properties;
  std::optional<std::string> reader_config;
  std::vector<std::string> producer_properties;
  std::vector<std::string> command_properties;
  std::optional<std::string> producer_config;
  ConnectionOptions connection;

  // What follows from it, once check() was called.
  ConsoleProperties reader;                                   // for AvroMessageReader
  std::vector<std::pair<std::string, std::string>> delivery;  // properties of the client
  std::vector<std::string> warnings;

  void declare(OptionParser& parser);
  Result<void> check();

 private:
  void declare_delivery(OptionParser& parser);
  Result<void> check_delivery();

  std::string compression_codec_;
  std::optional<int64_t> batch_size_;
  std::optional<int64_t> max_partition_memory_bytes_;
  std::optional<int64_t> max_retries_;
  std::optional<int64_t> retry_backoff_ms_;
  std::optional<int64_t> linger_ms_;
  std::optional<std::string> acks_;
  std::optional<int64_t> request_timeout_ms_;
  std::optional<int64_t> metadata_expiry_ms_;
  std::optional<int64_t> max_block_ms_;
  std::optional<int64_t> max_memory_bytes_;
  std::optional<int64_t> socket_buffer_size_;
};

}  // namespace omashu::cli
