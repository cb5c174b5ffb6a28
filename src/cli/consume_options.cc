#include "cli/consume_options.h"

#include <fmt/core.h>

#include "base/nearest.h"
#include "base/properties.h"
#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

}  // namespace

void ConsumeOptions::declare(OptionParser& parser) {
  parser.argument("TOPIC", topic, "the topic");
  parser.option("--topic", "TOPIC", topic_flag, "the topic, as the console tools have it");
  parser.flag("--from-beginning", is_from_beginning, "start at the first record where the group has no offset");
  parser.option("--group", "GROUP", group, "join this group, and commit");
  parser.option("--partition", "N", partition, "only this partition");
  parser.option("--offset", "OFFSET", offset, "start here: a number, earliest or latest; with --partition");
  parser.option("--max-messages", "N", max_messages, "end after N records");
  parser.option("--timeout-ms", "MS", timeout_ms, "end when no record came for so long");
  parser.flag("--skip-message-on-error", is_skipping, "go on after a record that does not decode");
  parser.choice("--isolation-level", "LEVEL", isolation_level, {"read_uncommitted", "read_committed"},
                "of transactions: read_uncommitted (default) or read_committed");
  parser.heading("Format");
  parser.choice("--format", "FORMAT", format, {"json", "console"},
                "json (default), or console: the parts with separators between them");
  parser.flag("--avro-json", is_avro_json,
              "Avro's own JSON: tagged unions, logical types as what they are; produce reads it with --avro-json");
  formats.declare(parser,
                  "what values are: avro, json, string, bytes, long, int, short, double, float, uuid, or auto "
                  "(default): Avro where a schema id can be there, else text, else bytes");
  parser.option("--property,--formatter-property", "NAME=VALUE", properties,
                "a property of the console consumer: print.key, print.timestamp, …; may be repeated");
  parser.option("--consumer-property,--command-property", "NAME=VALUE", connection.properties, "");
  connection.declare(parser);
}

Result<void> ConsumeOptions::check() {
  if (topic && topic_flag) return refuse("TOPIC and --topic: give one of them");
  if (!topic) topic = topic_flag;
  if (!topic) return refuse("TOPIC is missing");
  if (group && partition) return refuse("--group and --partition: a group's members do not choose partitions");
  if (offset && !partition) return refuse("--offset needs --partition");
  if (offset && is_from_beginning) return refuse("--offset and --from-beginning: give one of them");
  if (is_from_beginning) start.kind = StartPosition::Kind::kBeginning;
  if (offset) {
    const auto parsed = parse_start_position(*offset);
    if (!parsed) return fail(Error(parsed.error()).within("--offset"));
    start = *parsed;
  }
  if (max_messages && *max_messages < 0) max_messages.reset();  // -1 is no limit, as the console tools have it
  if (timeout_ms && *timeout_ms < 0) timeout_ms.reset();
  for (const std::string& text : properties) {
    if (auto set = set_property(text); !set) return fail(std::move(set.error()).within("--property"));
  }
  if (auto taken = formats.take_from(connection.properties); !taken) {
    return fail(std::move(taken.error()).within("--consumer-property"));
  }
  is_console = is_console || format == "console";
  return {};
}

avro::JsonForm ConsumeOptions::json_form() const {
  const bool is_avro = is_avro_json || (is_console && !is_readable_console);
  return is_avro ? avro::JsonForm::kAvro : avro::JsonForm::kPlain;
}

Result<void> ConsumeOptions::set_property(const std::string& text) {
  const auto property = parse_property(text);
  if (!property) return fail(property.error());
  const auto& [name, value, line] = *property;
  const auto is_format = console.set(name, value);
  if (!is_format) return fail(is_format.error());
  if (*is_format) {
    is_console = true;
    return {};
  }
  if (name.starts_with("schema.registry.") || name.starts_with("basic.auth.") || name.starts_with("bearer.auth.")) {
    connection.properties.push_back(text);
    return {};
  }
  const auto is_class = formats.set(name, value);
  if (!is_class) return fail(is_class.error());
  if (*is_class) return {};
  if (name == "avro.use.logical.type.converters") {
    is_readable_console = value == "true";
    return {};
  }
  return refuse(fmt::format("unknown property {}{}", name, did_you_mean(name, ConsoleOutput::names())));
}

}  // namespace omashu::cli
