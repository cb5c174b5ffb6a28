#include "cli/console/console_producer_options.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/console/avro_message_reader.h"
#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

constexpr std::string_view kReader = "io.confluent.kafka.formatter.AvroMessageReader";

}  // namespace

void ConsoleProducerOptions::declare(OptionParser& parser) {
  parser.reads_jopt_words();
  parser.option("--topic", "TOPIC", topic, "the topic");
  parser.flag("--sync", is_sync, "wait for each record before the next line is read");
  parser.heading("Lines");
  parser.option("--reader-property,--property", "NAME=VALUE", reader_properties,
                "value.schema, parse.key, key.separator, schema.registry.url, …; may be repeated");
  parser.option("--reader-config", "FILE", reader_config, "such properties, a line each");
  parser.option("--line-reader", "CLASS", line_reader, fmt::format("{}, which is what it is without", kReader));
  declare_delivery(parser);
  parser.heading("Connection");
  parser.option("--bootstrap-server", "HOST:PORT", connection.bootstrap_server,
                "the Kafka brokers to start from (KAFKA_BOOTSTRAP_SERVERS; default 127.0.0.1:9092)");
  parser.option("--broker-list", "HOST:PORT", broker_list, "the name that --bootstrap-server had");
  parser.option("--command-property", "NAME=VALUE", command_properties,
                "a property of the client under Java's or librdkafka's name; may be repeated");
  parser.option("--producer-property", "NAME=VALUE", producer_properties, "the name that --command-property had");
  parser.option("--command-config", "FILE", connection.command_config, "such properties, a line each");
  parser.option("--producer.config", "FILE", producer_config, "the name that --command-config had");
}

void ConsoleProducerOptions::declare_delivery(OptionParser& parser) {
  parser.heading("Delivery");
  parser.option_or("--compression-codec", "CODEC", "gzip", compression_codec_,
                   "none (default), gzip, snappy, lz4 or zstd; gzip where it has no value");
  parser.option("--request-required-acks", "ACKS", acks_, "-1 or all (default), 1 or 0; idempotent only with all");
  parser.option("--timeout", "MS", linger_ms_, "how long a record waits for others to make a batch with");
  parser.option("--batch-size", "BYTES", batch_size_, "the largest batch");
  parser.option("--max-partition-memory-bytes", "BYTES", max_partition_memory_bytes_, "the same, and wins");
  parser.option("--message-send-max-retries", "N", max_retries_, "how often a record is sent again");
  parser.option("--retry-backoff-ms", "MS", retry_backoff_ms_, "the wait before that");
  parser.option("--request-timeout-ms", "MS", request_timeout_ms_, "how long the broker may wait for its replicas");
  parser.option("--metadata-expiry-ms", "MS", metadata_expiry_ms_, "after how long the topic's leaders are asked for");
  parser.option("--max-memory-bytes", "BYTES", max_memory_bytes_, "of records that wait to be sent");
  parser.option("--max-block-ms", "MS", max_block_ms_, "without effect");
  parser.option("--socket-buffer-size", "BYTES", socket_buffer_size_, "of the connection, for sending");
}

Result<void> ConsoleProducerOptions::check() {
  if (!topic) return refuse("--topic is missing");
  if (!connection.bootstrap_server) connection.bootstrap_server = broker_list;
  if (line_reader && *line_reader != kReader) {
    return refuse(
        fmt::format("--line-reader: classes of Java cannot be loaded: only {} is there; text without a "
                    "schema writes `omashu produce --format console --value-format string`",
                    kReader));
  }
  if (!producer_properties.empty() && !command_properties.empty()) {
    return refuse("--producer-property and --command-property: give one of them");
  }
  if (producer_config && connection.command_config) {
    return refuse("--producer.config and --command-config: give one of them");
  }
  if (producer_config) connection.command_config = producer_config;
  auto& given = connection.properties;
  given.insert(given.end(), producer_properties.begin(), producer_properties.end());
  given.insert(given.end(), command_properties.begin(), command_properties.end());
  const auto of_client = read_console_properties(connection.command_config, given);
  if (!of_client) return fail(of_client.error());
  if (!of_client->contains("client.id")) given.emplace_back("client.id=console-producer");

  auto properties = read_console_properties(reader_config, reader_properties);
  if (!properties) return fail(std::move(properties.error()));
  route_console_properties(*properties, AvroMessageReader::property_names(), connection, warnings);
  reader = *std::move(properties);
  return check_delivery();
}

Result<void> ConsoleProducerOptions::check_delivery() {
  const auto add = [this](const char* name, const std::optional<int64_t>& value) {
    if (value) delivery.emplace_back(name, fmt::format("{}", *value));
  };
  if (!compression_codec_.empty()) delivery.emplace_back("compression.type", compression_codec_);
  add("batch.size", max_partition_memory_bytes_ ? max_partition_memory_bytes_ : batch_size_);
  add("message.send.max.retries", max_retries_);
  add("retry.backoff.ms", retry_backoff_ms_);
  add("linger.ms", linger_ms_);
  add("request.timeout.ms", request_timeout_ms_);
  add("metadata.max.age.ms", metadata_expiry_ms_);
  add("socket.send.buffer.bytes", socket_buffer_size_);
  if (max_memory_bytes_) add("queue.buffering.max.kbytes", std::max<int64_t>(1, *max_memory_bytes_ / 1024));
  if (!acks_) return {};
  if (*acks_ != "all" && *acks_ != "-1" && *acks_ != "1" && *acks_ != "0") {
    return refuse(fmt::format("--request-required-acks: '{}' is not known: write all, -1, 1 or 0", *acks_));
  }
  delivery.emplace_back("acks", *acks_);
  if (*acks_ == "1" || *acks_ == "0") delivery.emplace_back("enable.idempotence", "false");
  return {};
}

}  // namespace omashu::cli
