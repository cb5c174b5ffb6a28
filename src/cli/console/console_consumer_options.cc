#include "cli/console/console_consumer_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <random>
#include <set>

#include "cli/console/console_properties.h"
#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

constexpr std::string_view kFormatter = "io.confluent.kafka.formatter.AvroMessageFormatter";

std::string generated_group() {
  std::random_device random;
  return fmt::format("console-consumer-{}", std::uniform_int_distribution(0, 99'999)(random));
}

}  // namespace

void ConsoleConsumerOptions::declare(OptionParser& parser) {
  parser.reads_jopt_words();
  parser.option("--topic", "TOPIC", topic, "the topic");
  parser.option("--include", "REGEX", include, "the topics whose whole name matches, as they are when it starts");
  parser.option("--whitelist", "REGEX", include, "");
  parser.option("--partition", "N", partition, "only this partition, from its end where there is no --offset");
  parser.option("--offset", "OFFSET", offset, "start here: a number, earliest or latest (default); with --partition");
  parser.flag("--from-beginning", is_from_beginning, "start at the first record where the group has no offset");
  parser.option("--max-messages", "N", max_messages, "end after N records");
  parser.option("--timeout-ms", "MS", timeout_ms, "end when no record came for so long");
  parser.flag("--skip-message-on-error", is_skipping, "go on after a record that cannot be printed");
  parser.option("--group", "GROUP", group,
                "join this group, and commit; default console-consumer-NNNNN, and no commit");
  parser.choice("--isolation-level", "LEVEL", isolation_level, {"read_uncommitted", "read_committed"},
                "of transactions: read_uncommitted (default) or read_committed");
  parser.flag("--enable-systest-events", has_systest_events, "print shutdown_complete at the end");
  parser.heading("Format");
  parser.option("--formatter-property,--property", "NAME=VALUE", formatter_properties,
                "print.key, print.timestamp, key.separator, schema.registry.url, …; may be repeated");
  parser.option("--formatter-config", "FILE", formatter_config, "such properties, a line each");
  parser.option("--formatter", "CLASS", formatter, fmt::format("{}, which is what it is without", kFormatter));
  parser.option("--key-deserializer", "CLASS", key_deserializer, "the property key.deserializer");
  parser.option("--value-deserializer", "CLASS", value_deserializer, "without effect: values are Avro");
  parser.heading("Connection");
  parser.option("--bootstrap-server", "HOST:PORT", connection.bootstrap_server,
                "the Kafka brokers to start from (KAFKA_BOOTSTRAP_SERVERS; default 127.0.0.1:9092)");
  parser.option("--command-property", "NAME=VALUE", command_properties,
                "a property of the client under Java's or librdkafka's name; may be repeated");
  parser.option("--consumer-property", "NAME=VALUE", consumer_properties, "the name that --command-property had");
  parser.option("--command-config", "FILE", connection.command_config, "such properties, a line each");
  parser.option("--consumer.config", "FILE", consumer_config, "the name that --command-config had");
}

Result<void> ConsoleConsumerOptions::check() {
  if (auto checked = check_topics(); !checked) return checked;
  if (auto checked = check_consumer_properties(); !checked) return checked;
  if (auto checked = check_start(); !checked) return checked;
  if (max_messages && *max_messages < 0) max_messages.reset();  // -1 is no limit
  if (timeout_ms && *timeout_ms < 0) timeout_ms.reset();
  return check_format();
}

Result<void> ConsoleConsumerOptions::check_topics() {
  if (topic && include) return refuse("--topic and --include: give one of them");
  if (!topic && !include) return refuse("--topic is missing, or --include");
  if (!include) return {};
  if (partition) return refuse("--partition needs --topic");
  auto pattern = JavaPattern::compile(*include);
  if (!pattern) return fail(std::move(pattern.error()).within("--include"));
  included_topics = *std::move(pattern);
  return {};
}

Result<void> ConsoleConsumerOptions::check_consumer_properties() {
  if (!consumer_properties.empty() && !command_properties.empty()) {
    return refuse("--consumer-property and --command-property: give one of them");
  }
  if (consumer_config && connection.command_config) {
    return refuse("--consumer.config and --command-config: give one of them");
  }
  if (consumer_config) connection.command_config = consumer_config;
  auto& given = connection.properties;
  given.insert(given.end(), consumer_properties.begin(), consumer_properties.end());
  given.insert(given.end(), command_properties.begin(), command_properties.end());

  const auto of_file = read_console_properties(connection.command_config, {});
  if (!of_file) return fail(of_file.error());
  const auto of_flags = read_console_properties(std::nullopt, given);
  if (!of_flags) return fail(of_flags.error());
  auto all = *of_flags;
  all.insert(of_file->begin(), of_file->end());

  if (!all.contains("client.id")) given.emplace_back("client.id=console-consumer");

  std::set<std::string> groups;
  if (group) groups.insert(*group);
  for (const auto* properties : {&*of_file, &*of_flags}) {
    if (const auto found = properties->find("group.id"); found != properties->end()) groups.insert(found->second);
  }
  if (groups.size() > 1) return refuse("--group, and group.id among the properties, are different groups: give one");
  if (!groups.empty() && partition) return refuse("--group and --partition: give one of them");
  group_id = groups.empty() ? generated_group() : *groups.begin();
  const auto auto_commit = all.find("enable.auto.commit");
  is_committing = !groups.empty() && (auto_commit == all.end() || auto_commit->second != "false");

  const auto reset = all.find("auto.offset.reset");
  if (reset != all.end() && is_from_beginning && reset->second != "earliest") {
    return refuse(fmt::format("--from-beginning and auto.offset.reset={}: give one of them", reset->second));
  }
  auto_offset_reset = is_from_beginning ? "earliest" : "latest";
  return {};
}

Result<void> ConsoleConsumerOptions::check_start() {
  if (offset && !partition) return refuse("--offset needs --partition");
  if (offset && is_from_beginning) return refuse("--offset and --from-beginning: give one of them");
  if (is_from_beginning) start.kind = StartPosition::Kind::kBeginning;
  if (!offset) return {};
  std::string text = *offset;
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto parsed = parse_start_position(text);
  if (!parsed) return fail(Error(parsed.error()).within("--offset"));
  start = *parsed;
  return {};
}

Result<void> ConsoleConsumerOptions::check_format() {
  if (formatter && *formatter != kFormatter) {
    return refuse(
        fmt::format("--formatter: classes of Java cannot be loaded: only {} is there; text without a schema "
                    "prints `omashu consume --format console`",
                    kFormatter));
  }
  auto properties = read_console_properties(formatter_config, formatter_properties);
  if (!properties) return fail(std::move(properties.error()));
  if (key_deserializer) properties->emplace("key.deserializer", *key_deserializer);
  route_console_properties(*properties, AvroMessageFormatterOptions::property_names(), connection, warnings);
  auto parsed = AvroMessageFormatterOptions::parse(*properties);
  if (!parsed) return fail(std::move(parsed.error()));
  format = *std::move(parsed);
  return {};
}

}  // namespace omashu::cli
