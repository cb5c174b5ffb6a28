#include <fmt/core.h>

#include <chrono>
#include <span>

#include "base/nearest.h"
#include "base/properties.h"
#include "cli/cluster.h"
#include "cli/commands.h"
#include "cli/console_format.h"
#include "cli/diagnostics.h"
#include "cli/group_progress.h"
#include "cli/option_parser.h"
#include "cli/output.h"
#include "cli/problem_report.h"
#include "cli/record_json.h"
#include "cli/stop_signal.h"
#include "table/payload_reader.h"

namespace omashu::cli {

namespace {

using serde::RecordPart;
using std::chrono::milliseconds;
using table::PayloadFormat;
using table::PayloadReader;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kPoll{200};              // how long a poll may keep a stop waiting
constexpr milliseconds kCommitInterval{1'000};  // at most so much is read again after a crash

PayloadFormat format_named(const std::string& name) {
  if (name == "avro") return PayloadFormat::kAvro;
  return name == "string" ? PayloadFormat::kText : PayloadFormat::kAuto;
}

class ConsumeCommand : public Command {
 public:
  Description description() const override {
    return {.name = "consume",
            .summary = "Print records as lines of JSON",
            .usages = {"TOPIC", "--topic TOPIC --from-beginning"},
            .details =
                "A line is {\"partition\":…,\"offset\":…,\"timestamp\":…,\"key\":…,\"value\":…}, and the headers "
                "where there are any. With --format console, or one of its properties (print.key=true, …), it is "
                "what kafka-avro-console-consumer prints. Logical types are readable: times as ISO 8601, decimals "
                "as text; --avro-json prints Avro's own JSON.\n"
                "With --group, offsets are committed after the lines are out; SIGINT and SIGTERM finish what was "
                "read, commit and leave the group.",
            .examples = {
                {"All records that are there", "omashu consume status-download --from-beginning --timeout-ms 3000"},
                {"As a member of a group, going on where it was left",
                 "omashu consume download-request --group downloaders --from-beginning"},
                {"One record", "omashu consume status-download --partition 2 --offset 17 --max-messages 1"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    options.option("--topic", "TOPIC", topic_flag_, "the topic, as the console tools have it");
    options.flag("--from-beginning", is_from_beginning_, "start at the first record where the group has no offset");
    options.option("--group", "GROUP", group_, "join this group, and commit");
    options.option("--partition", "N", partition_, "only this partition");
    options.option("--offset", "OFFSET", offset_, "start here: a number, earliest or latest; with --partition");
    options.option("--max-messages", "N", max_messages_, "end after N records");
    options.option("--timeout-ms", "MS", timeout_ms_, "end when no record came for so long");
    options.flag("--skip-message-on-error", is_skipping_, "go on after a record that does not decode");
    options.choice("--isolation-level", "LEVEL", isolation_level_, {"read_uncommitted", "read_committed"},
                   "of transactions: read_uncommitted (default) or read_committed");
    options.heading("Format");
    options.choice("--format", "FORMAT", format_, {"json", "console"},
                   "json (default), or console: the parts with separators between them");
    options.flag("--avro-json", is_avro_json_, "Avro's own JSON: tagged unions, logical types as what they are");
    options.choice("--key-format", "FORMAT", key_format_, {"auto", "avro", "string"},
                   "avro, string, or auto (default): avro where the bytes are framed so");
    options.choice("--value-format", "FORMAT", value_format_, {"auto", "avro", "string"}, "the same for values");
    options.option("--property,--formatter-property", "NAME=VALUE", properties_,
                   "a property of the console consumer: print.key, print.timestamp, …; may be repeated");
    options.option("--consumer-property,--command-property", "NAME=VALUE", connection_.properties, "");
    connection_.declare(options);
  }

  Result<void> check() override {
    if (topic_ && topic_flag_) return refuse("TOPIC and --topic: give one of them");
    if (!topic_) topic_ = topic_flag_;
    if (!topic_) return refuse("TOPIC is missing");
    if (group_ && partition_) return refuse("--group and --partition: a group's members do not choose partitions");
    if (offset_ && !partition_) return refuse("--offset needs --partition");
    if (offset_ && is_from_beginning_) return refuse("--offset and --from-beginning: give one of them");
    if (auto start = parse_offset(); !start) return start;
    if (max_messages_ && *max_messages_ < 0) max_messages_.reset();  // -1 is no limit, as the console tools have it
    if (timeout_ms_ && *timeout_ms_ < 0) timeout_ms_.reset();
    for (const std::string& text : properties_) {
      if (auto set = set_property(text); !set) return fail(std::move(set.error()).within("--property"));
    }
    is_console_ = is_console_ || format_ == "console";
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    if (const auto topic = cluster->topic(*topic_); !topic) return fail(topic.error());
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    auto consumer = open_consumer(*cluster);
    if (!consumer) return fail(std::move(consumer.error()));
    GroupProgress progress;
    const auto started = group_ ? subscribe(context, **consumer, progress) : assign(**consumer, cluster->timeout());
    if (!started) return fail(started.error());
    PayloadReader reader(**registry, std::nullopt, is_avro_json_ ? avro::JsonForm::kAvro : avro::JsonForm::kPlain);
    auto read = read_all(context, **consumer, reader, progress);
    auto finished = flush_and_commit(context, **consumer, progress);
    if (auto closed = (*consumer)->close(); finished && !closed) finished = std::move(closed);
    if (!finished) return fail(std::move(finished.error()));
    if (is_console_) context.messages.plain(fmt::format("Processed a total of {} messages", printed_));
    if (!read) return fail(std::move(read.error()));
    return ExitCode::kDone;
  }

 private:
  static std::unexpected<Error> refuse(std::string message) {
    return fail(ErrorCode::kInvalidArgument, std::move(message));
  }

  Result<void> parse_offset() {
    if (!offset_ || *offset_ == "earliest" || *offset_ == "latest") return {};
    const auto parsed = json::parse(*offset_);
    start_ = parsed ? parsed->as_int64() : std::nullopt;
    if (start_ && *start_ >= 0) return {};
    return refuse(fmt::format("--offset: '{}' is not known: write a number, earliest or latest", *offset_));
  }

  Result<void> set_property(const std::string& text) {
    const auto property = parse_property(text);
    if (!property) return fail(property.error());
    const auto& [name, value, line] = *property;
    const auto is_format = console_.set(name, value);
    if (!is_format) return fail(is_format.error());
    if (*is_format) {
      is_console_ = true;
      return {};
    }
    if (name.starts_with("schema.registry.") || name.starts_with("basic.auth.") || name.starts_with("bearer.auth.")) {
      connection_.properties.push_back(text);
      return {};
    }
    if (name == "avro.use.logical.type.converters") return {};  // readable is the default; --avro-json is the other
    return refuse(fmt::format("unknown property {}{}", name, did_you_mean(name, ConsoleOutput::names())));
  }

  Result<std::unique_ptr<kafka::Consumer>> open_consumer(Cluster& cluster) const {
    Cluster::Properties properties = {{"isolation.level", isolation_level_},
                                      {"auto.offset.reset", is_from_beginning_ ? "earliest" : "latest"}};
    if (group_) properties.emplace_back("group.id", *group_);
    return cluster.consumer(properties);
  }

  Result<void> subscribe(Context& context, kafka::Consumer& consumer, GroupProgress& progress) const {
    const auto on_revoked = [&, this](std::span<const kafka::TopicPartition> partitions, bool is_lost) {
      if (is_lost) return progress.forget(partitions);
      if (auto committed = flush_and_commit(context, consumer, progress); !committed) {
        context.messages.warning(committed.error().message);
      }
    };
    return consumer.subscribe(std::vector{*topic_}, {.on_assigned = nullptr, .on_revoked = on_revoked});
  }

  Result<void> assign(kafka::Consumer& consumer, milliseconds timeout) const {
    const auto partitions = consumer.partitions_of(*topic_, timeout);
    if (!partitions) return fail(partitions.error());
    std::vector<kafka::TopicPartition> places;
    for (const kafka::PartitionId partition : *partitions) {
      if (!partition_ || partition == *partition_) places.push_back({.topic = *topic_, .partition = partition});
    }
    const auto watermarks = consumer.all_watermarks(places, timeout);
    if (!watermarks) return fail(watermarks.error());
    const bool is_earliest = is_from_beginning_ || offset_ == "earliest";
    std::map<kafka::TopicPartition, kafka::Offset> starts;
    for (const auto& [place, marks] : *watermarks)
      starts[place] = start_.value_or(is_earliest ? marks.low : marks.high);
    if (starts.empty()) {
      return refuse(fmt::format("{} has no partition {}: it has {}", *topic_, *partition_, partitions->size()));
    }
    return consumer.assign(starts);
  }

  Result<void> read_all(Context& context, kafka::Consumer& consumer, PayloadReader& reader, GroupProgress& progress) {
    ProblemReport problems(context.messages);
    Clock::time_point last_record = Clock::now(), last_commit = Clock::now();
    while (!context.stop.is_requested() && !context.out.is_broken() && !(max_messages_ && printed_ >= *max_messages_)) {
      auto event = consumer.poll(milliseconds(0));
      const Clock::time_point now = Clock::now();
      const bool is_idle = event && std::holds_alternative<std::monostate>(*event);
      if (is_idle || now - last_commit >= kCommitInterval) {
        if (auto committed = flush_and_commit(context, consumer, progress); !committed) return committed;
        last_commit = now;
      }
      if (is_idle) {
        if (context.out.is_reader_gone()) break;
        if (timeout_ms_ && now - last_record >= milliseconds(*timeout_ms_)) break;
        event = consumer.poll(kPoll);
      }
      if (!event) return fail(std::move(event.error()));
      const auto* message = std::get_if<kafka::Message>(&*event);
      if (message == nullptr) continue;
      last_record = Clock::now();
      const auto printed = print(context, *message, reader);
      if (!printed && (!is_skipping_ || printed.error().code != ErrorCode::kCorrupt)) return printed;
      if (!printed) problems.add("skipped", printed.error());
      progress.on_printed(*message);
    }
    problems.finish();
    return {};
  }

  // Commits nothing that did not reach the reader.
  Result<void> flush_and_commit(Context& context, kafka::Consumer& consumer, GroupProgress& progress) const {
    if (auto flushed = context.out.flush(); !flushed) return flushed;
    if (!context.out.is_broken()) progress.on_flushed();
    if (!group_ || progress.to_commit().empty()) return {};
    if (auto committed = consumer.commit(progress.to_commit()); !committed) return committed;
    progress.on_committed();
    return {};
  }

  Result<std::optional<std::string>> read_part(const kafka::Message& message, RecordPart part,
                                               PayloadReader& reader) const {
    const bool is_key = part == RecordPart::kKey;
    if (!(is_key ? message.key : message.value)) return std::nullopt;
    auto text = reader.read(message, part, format_named(is_key ? key_format_ : value_format_));
    if (!text) return fail(std::move(text.error()));
    return *std::move(text);
  }

  Result<void> print(Context& context, const kafka::Message& message, PayloadReader& reader) {
    const auto key = read_part(message, RecordPart::kKey, reader);
    if (!key) return fail(key.error());
    const auto value = read_part(message, RecordPart::kValue, reader);
    if (!value) return fail(value.error());
    ++printed_;
    line_.clear();
    if (!is_console_) {
      append_record(line_, message, *key, *value, is_avro_json_);
      context.out.line(line_);
      return {};
    }
    append_console_record(console_, message, console_part(message, RecordPart::kKey, *key),
                          console_part(message, RecordPart::kValue, *value), line_);
    context.out.text(line_);
    return {};
  }

  // What carries no schema is printed as it is: only Avro data prints as JSON.
  static ConsolePart console_part(const kafka::Message& message, RecordPart part,
                                  const std::optional<std::string>& json) {
    if (!json) return {};
    const auto schema = PayloadReader::schema_key(message, part);
    if (!schema) return {.text = part == RecordPart::kKey ? message.key : message.value, .schema_id = ""};
    const auto* id = std::get_if<serde::SchemaId>(&*schema);
    return {.text = json,
            .schema_id = id != nullptr ? fmt::format("{}", static_cast<int32_t>(*id))
                                       : serde::to_text(std::get<serde::Guid>(*schema))};
  }

  std::optional<std::string> topic_;
  std::optional<std::string> topic_flag_;
  std::optional<std::string> group_;
  bool is_from_beginning_ = false;
  std::optional<int64_t> partition_;
  std::optional<std::string> offset_;
  std::optional<kafka::Offset> start_;  // of --offset, where it is a number
  std::optional<int64_t> max_messages_;
  std::optional<int64_t> timeout_ms_;
  bool is_skipping_ = false;
  std::string isolation_level_ = "read_uncommitted";
  std::string format_ = "json";
  bool is_avro_json_ = false;
  std::string key_format_ = "auto";
  std::string value_format_ = "auto";
  std::vector<std::string> properties_;
  ConsoleOutput console_;
  bool is_console_ = false;
  ConnectionOptions connection_;

  int64_t printed_ = 0;
  std::string line_;
};

}  // namespace

std::unique_ptr<Command> make_consume_command() { return std::make_unique<ConsumeCommand>(); }

}  // namespace omashu::cli
