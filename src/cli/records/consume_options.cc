#include "cli/records/consume_options.h"

#include <fmt/core.h>

#include "base/nearest.h"
#include "base/properties.h"
#include "base/time_point_text.h"
#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

constexpr int64_t kMaxTail = 1'000'000;  // records, which are all kept until the last one is known

}  // namespace

void ConsumeOptions::declare(OptionParser& parser) {
  parser.argument("TOPIC", topic, "the topic");
  parser.option("--topic", "TOPIC", topic_flag, "the topic, as the console tools have it");
  declare_range(parser);
  parser.option("--group", "GROUP", group, "join this group, and commit");
  parser.option("--partition", "N", partition, "only this partition");
  parser.option("--max-messages", "N", max_messages, "end after N records");
  parser.option("--timeout-ms", "MS", timeout_ms, "end when no record came for so long");
  parser.flag("--skip-message-on-error", is_skipping, "go on after a record that does not decode");
  parser.choice("--isolation-level", "LEVEL", isolation_level, {"read_uncommitted", "read_committed"},
                "of transactions: read_uncommitted (default) or read_committed");
  parser.heading("Which records");
  selection.declare(parser);
  declare_format(parser);
  parser.option("--consumer-property,--command-property", "NAME=VALUE", connection.properties, "");
  connection.declare(parser);
}

void ConsumeOptions::declare_range(OptionParser& parser) {
  parser.flag("--from-beginning", is_from_beginning_, "start at the first record where the group has no offset");
  parser.option("--offset", "OFFSET", offset_,
                "start here in each partition: a number, earliest, latest (default), or -N for N before the end");
  parser.option("--from", "TIME", from_, "start at this time: 2h (ago), 2026-11-30T08:00Z, or milliseconds since 1970");
  parser.option("--until", "TIME", until_, "end before this time, which is past");
  parser.option("--tail", "N", tail, "the last N records of the topic, by their timestamps, and end");
  parser.flag("-e,--exit-at-end", is_to_present_end, "end with the last record that is there when it starts");
}

void ConsumeOptions::declare_format(OptionParser& parser) {
  parser.heading("Output");
  parser.option("-f,--output", "FORM", output_,
                "table (default on a terminal), json: a line each (default elsewhere), value: values alone, or a "
                "template: '%t %p %o %T %k %v %h\\n', %K and %S the sizes of key and value");
  rows.declare_columns(parser);
  parser.flag("--avro-json", is_avro_json,
              "Avro's own JSON: tagged unions, logical types as what they are; produce reads it with --avro-json");
  formats.declare(parser,
                  "what values are: avro, json, string, bytes, long, int, short, double, float, uuid, or auto "
                  "(default): Avro where a schema id can be there, else text, else bytes");
  parser.choice("--format", "FORMAT", format_, {"json", "console"},
                "json (default), or console: the parts with separators between them");
  parser.option("--property,--formatter-property", "NAME=VALUE", properties_,
                "a property of the console consumer: print.key, print.timestamp, …; may be repeated");
}

Result<void> ConsumeOptions::check() {
  if (topic && topic_flag) return refuse("TOPIC and --topic: give one of them");
  if (!topic) topic = topic_flag;
  if (!topic) return refuse("TOPIC is missing");
  if (group && partition) return refuse("--group and --partition: a group's members do not choose partitions");
  if (max_messages && *max_messages < 0) max_messages.reset();  // -1 is no limit, as the console tools have it
  if (timeout_ms && *timeout_ms < 0) timeout_ms.reset();
  if (auto checked = check_range(); !checked) return checked;
  if (auto checked = selection.check(); !checked) return checked;
  return check_format();
}

Result<void> ConsumeOptions::check_range() {
  std::vector<std::string> starts;
  if (is_from_beginning_) starts.emplace_back("--from-beginning");
  if (offset_) starts.emplace_back("--offset");
  if (from_) starts.emplace_back("--from");
  if (tail) starts.emplace_back("--tail");
  if (starts.size() > 1) return refuse(fmt::format("{} and {}: give one of them", starts[0], starts[1]));
  if (group && !starts.empty() && !is_from_beginning_) {
    return refuse(fmt::format("--group and {}: a group goes on where it was", starts[0]));
  }
  if (group && until_) return refuse("--group and --until: give one of them");
  if (tail && (until_ || max_messages))
    return refuse("--tail has an end of its own, without --until or --max-messages");
  if (tail && (*tail < 1 || *tail > kMaxTail)) return refuse(fmt::format("--tail: write 1 to {}", kMaxTail));
  if (is_from_beginning_) start.kind = StartPosition::Kind::kBeginning;
  if (offset_) {
    const auto parsed = parse_start_position(*offset_);
    if (!parsed) return fail(Error(parsed.error()).within("--offset"));
    start = *parsed;
  }
  return check_times();
}

Result<void> ConsumeOptions::check_times() {
  const int64_t now_ms = current_time_ms();
  if (from_) {
    auto time = parse_time_point(*from_, now_ms);
    if (!time) return fail(std::move(time.error()).within("--from"));
    start = {.kind = StartPosition::Kind::kTime, .value = *time};
  }
  if (!until_) return {};
  auto time = parse_time_point(*until_, now_ms);
  if (!time) return fail(std::move(time.error()).within("--until"));
  if (*time > now_ms) return refuse("--until: this time is still to come; --timeout-ms ends a consumer that waits");
  if (from_ && start.value >= *time) return refuse("--from and --until: no time is between them");
  until_ms = *time;
  // Records before a time are those that are there: without another start, all of them.
  if (!from_ && !offset_ && !is_from_beginning_) start.kind = StartPosition::Kind::kBeginning;
  return {};
}

Result<void> ConsumeOptions::check_format() {
  if (connection.command_config) {
    if (auto read = formats.read_file(*connection.command_config); !read) return read;
  }
  for (const std::string& text : properties_) {
    if (auto set = set_property(text); !set) return fail(std::move(set.error()).within("--property"));
  }
  if (auto taken = formats.take_from(connection.properties); !taken) {
    return fail(std::move(taken.error()).within("--consumer-property"));
  }
  is_console = is_console || format_ == "console";
  if (output_) {
    if (is_console) return refuse("--output and the console format: give one of them");
    if (*output_ == "table" || *output_ == "json") {
      rows.set_output(*output_);
    } else if (is_record_template(*output_)) {
      auto parsed = RecordTemplate::parse(*output_);
      if (!parsed) return fail(std::move(parsed.error()).within("--output"));
      record_template = *std::move(parsed);
    } else if (*output_ != "value") {
      return refuse(fmt::format(
          "--output: '{}' is not known: write table, json, value, or a template such as '%k %v\\n'", *output_));
    }
    is_value = *output_ == "value";
  }
  return rows.check();
}

ConsumeOptions::Form ConsumeOptions::form(const Output& out) const {
  if (is_console) return Form::kConsole;
  if (is_value) return Form::kValue;
  if (record_template) return Form::kTemplate;
  return rows.is_plain_json(out) ? Form::kJson : Form::kRows;
}

avro::JsonForm ConsumeOptions::json_form() const {
  const bool is_avro = is_avro_json || (is_console && !is_readable_console_);
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
    is_readable_console_ = value == "true";
    return {};
  }
  return refuse(fmt::format("unknown property {}{}", name, did_you_mean(name, ConsoleOutput::names())));
}

}  // namespace omashu::cli
