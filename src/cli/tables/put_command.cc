#include <fmt/core.h>

#include <chrono>

#include "cli/commands.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/progress.h"
#include "cli/records/line_reader.h"
#include "cli/records/record_writer.h"
#include "cli/stop_signal.h"
#include "cli/tables/transition_check.h"
#include "table/typed_topic.h"

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

class PutCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "put",
        .summary = "Write the value of a key, or of every line of a file",
        .usages = {"TOPIC KEY JSON", "TOPIC JSON", "TOPIC --from FILE"},
        .details =
            "Keys and values are written with the latest schemas of TOPIC-key and TOPIC-value. Without KEY "
            "the key is taken from the fields of the value; with one, fields that both have must be equal. Where each "
            "record landed is printed as "
            "topic-partition-offset; by then every replica in sync has it (acks=all).",
        .examples = {{"The status of one download",
                      "omashu put status-download om-1 '{\"omashuId\":\"om-1\",\"status\":\"QUEUED\",\n"
                      "\"requestedAt\":\"2026-11-30T08:00:00Z\",\"updatedAt\":\"2026-11-30T08:00:00Z\",\n"
                      "\"source\":{\"url\":\"https://example.org/atlas.zip\"}}'"},
                     {"A line of JSON for each, the key taken from a field",
                      "omashu put status-download --from status.jsonl --key-field omashuId"},
                     {"Only where its status may become that, by the transitions of the schema",
                      "omashu put status-download --from status.jsonl --check-transitions"},
                     {"From another program", "jq -c .downloads[] all.json | omashu put status-download --from -"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    options.argument("KEY", key_, "the key: JSON, or the bare value of a key of one field");
    options.argument("JSON", json_, "the value");
    options.option("--from", "FILE", from_, "read values from FILE, one line of JSON each; - is standard input");
    options.flag("--avro-json", is_avro_json_,
                 "keys and values are Avro's own JSON, as get and list print it with --avro-json");
    options.option("--key-field", "FIELD", key_field_, "the field of the value that holds the key, as a.b");
    options.flag("--allow-key-mismatch", allows_mismatch_,
                 "write a key whose fields differ from the fields of the same names in the value");
    options.flag("--check-transitions", checks_transitions_,
                 "read the rows first, and refuse a change that the transitions of the value's schema do not have");
    options.choice("--output", "FORM", output_, {"text", "json"},
                   "how to print where a record landed: text (default) or json");
    options.flag("-q,--quiet", is_quiet_, "print nothing but errors");
    connection_.declare(options);
  }

  Result<void> check() override {
    if (from_ && key_) return fail(ErrorCode::kInvalidArgument, "--from takes the place of KEY and JSON");
    if (!from_ && !key_) return fail(ErrorCode::kInvalidArgument, "JSON is missing: give a value, or --from FILE");
    if (!from_ && !json_) json_ = std::exchange(key_, std::nullopt);
    if (key_ && !key_field_.empty()) return fail(ErrorCode::kInvalidArgument, "--key-field takes the place of KEY");
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    std::optional<LineReader> lines;
    if (from_) {
      auto opened = LineReader::open(*from_, context.stop);
      if (!opened) return fail(std::move(opened.error()));
      lines.emplace(*std::move(opened));
    }
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    if (const auto topic = cluster->topic(topic_); !topic) return fail(topic.error());
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    auto typed = table::TypedTopic::open(**registry, topic_);
    if (!typed) return fail(std::move(typed.error()));
    if (checks_transitions_) {
      auto opened = TransitionCheck::open(context, *cluster, topic_, key_);
      if (!opened) return fail(std::move(opened.error()));
      transitions_.emplace(*std::move(opened));
    }
    auto producer = cluster->producer();
    if (!producer) return fail(std::move(producer.error()));
    const auto form = is_quiet_           ? RecordWriter::Form::kQuiet
                      : output_ == "json" ? RecordWriter::Form::kJson
                                          : RecordWriter::Form::kText;
    RecordWriter writer(context, *cluster, *std::move(producer), form);
    bool is_stopped = false;
    if (lines) {
      const auto outcome = put_lines(context, *lines, *typed, writer);
      if (!outcome) {
        (void)writer.finish(cluster->timeout() + kGrace);
        return fail(outcome.error());
      }
      is_stopped = *outcome == LineReader::Outcome::kStopped;
    } else {
      auto record = make_checked_record(*typed, *json_);
      if (!record) return fail(std::move(record.error()).within(topic_));
      writer.send(*std::move(record), topic_);
    }
    const auto finished = writer.finish(cluster->timeout() + kGrace);
    if (!finished || !is_stopped) return finished;
    context.messages.error(
        fmt::format("stopped at {}: {} records were written", lines->place(), grouped(writer.written())));
    return ExitCode::kFailed;
  }

 private:
  static constexpr milliseconds kGrace{5'000};  // beyond the time after which the producer gives a record up itself

  Result<kafka::Record> make_record(table::TypedTopic& typed, std::string_view value) const {
    const auto form = is_avro_json_ ? avro::JsonForm::kAvro : avro::JsonForm::kPlain;
    kafka::Record record;
    record.topic = topic_;
    auto value_bytes = typed.write_value(value, form);
    if (!value_bytes) return fail(std::move(value_bytes.error()));
    record.value = *std::move(value_bytes);
    if (!key_ && key_field_.empty()) {
      auto key_bytes = typed.write_key_of(*record.value);
      if (!key_bytes) return fail(std::move(key_bytes.error()));
      record.key = *std::move(key_bytes);
      if (record.key) return record;
    }
    auto key = key_ ? typed.key_from_text(*key_) : typed.key_from_value(value, key_field_);
    if (!key) return fail(std::move(key.error()));
    auto key_bytes = typed.write_key(*key, form);
    if (!key_bytes) return fail(std::move(key_bytes.error()));
    record.key = *std::move(key_bytes);
    if (!allows_mismatch_) {
      const auto disagreement = typed.find_disagreement(*record.key, *record.value);
      if (!disagreement) return fail(disagreement.error());
      if (*disagreement) {
        return fail(ErrorCode::kInvalidArgument, (*disagreement)->text() + ", or --allow-key-mismatch given");
      }
    }
    return record;
  }

  Result<kafka::Record> make_checked_record(table::TypedTopic& typed, std::string_view value) {
    auto record = make_record(typed, value);
    if (!record || !transitions_) return record;
    if (auto checked = transitions_->check_next(*record->key, *record->value); !checked) {
      return fail(std::move(checked.error()));
    }
    return record;
  }

  // Until the input ends or a stop is requested; a line that is wrong does not keep the others back.
  Result<LineReader::Outcome> put_lines(Context& context, LineReader& lines, table::TypedTopic& typed,
                                        RecordWriter& writer) {
    const Clock::time_point start = Clock::now();
    ProgressPace pace(start);
    for (;;) {
      const auto outcome = lines.next(writer.is_idle() ? milliseconds(-1) : milliseconds(0));
      if (!outcome || *outcome == LineReader::Outcome::kEnd || *outcome == LineReader::Outcome::kStopped)
        return outcome;
      if (*outcome == LineReader::Outcome::kWaiting) {
        writer.poll(milliseconds(20));
        continue;
      }
      if (lines.line().find_first_not_of(" \t") == std::string_view::npos) continue;
      auto record = make_checked_record(typed, lines.line());
      if (record) {
        writer.send(*std::move(record), lines.place());
      } else if (record.error().code == ErrorCode::kNotFound) {
        return fail(std::move(record.error()));  // no schema: the other lines would fare no better
      } else {
        writer.refuse(lines.place(), record.error());
      }
      // On one terminal, lines of results would run through the bar.
      const bool has_bar = is_quiet_ || !context.out.is_terminal();
      const Clock::time_point now = Clock::now();
      if (has_bar && pace.is_due(now)) {
        context.messages.progress(progress_line(
            topic_, lines.bytes_read(), lines.bytes_total(),
            fmt::format("{} records, {}", grouped(writer.written()),
                        rate_text(writer.written(), lines.bytes_read(), lines.bytes_total(), now - start))));
        writer.poll(milliseconds(0));
      }
    }
  }

  std::string topic_;
  std::optional<std::string> key_;
  std::optional<std::string> json_;
  std::optional<std::string> from_;
  std::string key_field_;
  bool is_avro_json_ = false;
  std::string output_ = "text";
  bool is_quiet_ = false;
  bool allows_mismatch_ = false;
  bool checks_transitions_ = false;
  std::optional<TransitionCheck> transitions_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_put_command() { return std::make_unique<PutCommand>(); }

}  // namespace omashu::cli
