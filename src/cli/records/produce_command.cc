#include <fmt/core.h>

#include <chrono>

#include "base/nearest.h"
#include "base/properties.h"
#include "cli/commands.h"
#include "cli/connection/cluster.h"
#include "cli/console/console_format.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/progress.h"
#include "cli/records/line_reader.h"
#include "cli/records/part_formats.h"
#include "cli/records/record_encoder.h"
#include "cli/records/record_writer.h"

namespace omashu::cli {

namespace {

using serde::RecordPart;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

class ProduceCommand : public Command {
 public:
  Description description() const override {
    return {.name = "produce",
            .summary = "Write records from lines of JSON",
            .usages = {"TOPIC < LINES", "--topic TOPIC --from FILE"},
            .details =
                "A line is {\"key\":…,\"value\":…,\"headers\":…,\"partition\":…,\"timestamp\":…}, as consume prints "
                "it; only value must be there, and null is a tombstone. With --format console, or one of its "
                "properties (parse.key=true, key.separator=…), a line is what kafka-avro-console-producer takes. "
                "What consume prints comes back as the same bytes with the same option: none, --avro-json, or "
                "--format console. {\"base64\":\"…\"} is bytes as they are.",
            .examples = {{"One record",
                          "echo '{\"key\":\"om-1\",\"value\":{\"omashuId\":\"om-1\",\"fileName\":\"atlas.zip\",'\\\n"
                          "'\"source\":{\"url\":\"https://example.org/atlas.zip\"},'\\\n"
                          "'\"requestedAt\":\"2026-11-30T08:00:00Z\"}}' | omashu produce download-request"},
                         {"Copy a topic", "omashu consume a --from-beginning -e | omashu produce b"},
                         {"As with Confluent's tool",
                          "omashu produce --topic t --property value.schema='\"string\"' --property parse.key=true"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    options.option("--topic", "TOPIC", topic_flag_, "the topic, as the console tools have it");
    options.option("--from", "FILE", from_, "read lines from FILE; - is standard input (default)");
    options.choice("--format", "FORMAT", format_, {"json", "console"},
                   "what a line is: json (default), or console: headers, key and value with separators between them");
    options.flag("--avro-json", encoding_.is_avro_json,
                 "values are Avro's own JSON, as consume --avro-json prints it (default: plain JSON)");
    options.option("--property,--reader-property", "NAME=VALUE", properties_,
                   "a property of the console producer: parse.key, key.separator, value.schema, …; may be repeated");
    options.flag("--ignore-partition", encoding_.ignores_partitions,
                 "let the key choose the partition, whatever the line says: for a copy with other partitions");
    options.choice("--output", "FORM", output_, {"text", "json"},
                   "how to print where a record landed: text (default) or json");
    options.flag("-q,--quiet", is_quiet_, "print nothing but errors");
    declare_schemas(options);
    declare_delivery(options);
    connection_.declare(options);
  }

  Result<void> check() override {
    if (topic_ && topic_flag_) return fail(ErrorCode::kInvalidArgument, "TOPIC and --topic: give one of them");
    if (!topic_) topic_ = topic_flag_;
    if (!topic_) return fail(ErrorCode::kInvalidArgument, "TOPIC is missing");
    if (connection_.command_config) {
      if (auto read = formats_.read_file(*connection_.command_config); !read) return read;
    }
    for (const std::string& text : properties_) {
      if (auto set = set_property(text); !set) return fail(std::move(set.error()).within("--property"));
    }
    if (auto taken = formats_.take_from(connection_.properties); !taken) {
      return fail(std::move(taken.error()).within("--producer-property"));
    }
    encoding_.is_console = encoding_.is_console || format_ == "console";
    encoding_.key.format = formats_.of(RecordPart::kKey);
    encoding_.value.format = formats_.of(RecordPart::kValue);
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto lines = LineReader::open(from_, context.stop);
    if (!lines) return fail(std::move(lines.error()));
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    if (const auto topic = cluster->topic(*topic_); !topic) return fail(topic.error());
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    const auto encoder = RecordEncoder::open(**registry, *topic_, encoding_);
    if (!encoder) return fail(encoder.error());
    auto producer = cluster->producer(delivery_properties());
    if (!producer) return fail(std::move(producer.error()));

    const bool is_silent = is_quiet_ || encoding_.is_console;
    RecordWriter writer(context, *cluster, *std::move(producer),
                        is_silent           ? RecordWriter::Form::kQuiet
                        : output_ == "json" ? RecordWriter::Form::kJson
                                            : RecordWriter::Form::kText);
    if (auto sent = send_lines(context, *lines, *encoder, writer); !sent) {
      (void)writer.finish(cluster->timeout() + kGrace);
      return fail(std::move(sent.error()));
    }
    return writer.finish(cluster->timeout() + kGrace);
  }

 private:
  static constexpr milliseconds kGrace{5'000};  // beyond the time after which the producer gives a record up itself

  void declare_schemas(OptionParser& options) {
    options.heading("Schemas");
    options.option("--value-schema-file", "FILE", encoding_.value.schema_file,
                   "the schema to write values with, registered where it is not yet (default: the subject's latest)");
    options.option("--value-schema-id", "ID", encoding_.value.schema_id, "write values with this registered schema");
    formats_.declare(options,
                     "what values are: avro, json, string, bytes, long, int, short, double, float, uuid, or auto "
                     "(default): Avro where the topic has a schema, else text or bytes");
    options.option("--key-schema-file", "FILE", encoding_.key.schema_file, "the same for keys");
    options.option("--key-schema-id", "ID", encoding_.key.schema_id, "the same for keys");
  }

  void declare_delivery(OptionParser& options) {
    options.heading("Delivery");
    options.option("--producer-property", "NAME=VALUE", connection_.properties, "");
    options.flag("--sync", is_sync_, "wait for each record before the next is read");
    options.option("--compression-codec", "CODEC", compression_codec_, "none, gzip, snappy, lz4 or zstd");
    options.option("--batch-size", "BYTES", batch_size_, "the largest batch");
    options.option("--message-send-max-retries", "N", max_retries_, "how often a record is sent again");
    options.option("--retry-backoff-ms", "MS", retry_backoff_ms_, "the wait before that");
    options.option("--request-required-acks", "ACKS", acks_, "all (default), 1 or 0; idempotent only with all");
  }

  Result<void> set_property(const std::string& text) {
    const auto property = parse_property(text);
    if (!property) return fail(property.error());
    const auto& [name, value, line] = *property;
    const auto is_format = encoding_.console.set(name, value);
    if (!is_format) return fail(is_format.error());
    if (*is_format) {
      encoding_.is_console = true;
      return {};
    }
    const auto is_key = encoding_.key.set(RecordPart::kKey, name, value);
    if (!is_key) return fail(is_key.error());
    const auto is_value = encoding_.value.set(RecordPart::kValue, name, value);
    if (!is_value) return fail(is_value.error());
    if (*is_key || *is_value) return {};
    const auto is_class = formats_.set(name, value);
    if (!is_class) return fail(is_class.error());
    if (*is_class) return {};
    if (name.starts_with("schema.registry.") || name.starts_with("basic.auth.") || name.starts_with("bearer.auth.")) {
      connection_.properties.push_back(text);
      return {};
    }
    std::vector<std::string> known = PayloadWriterOptions::names();
    known.insert(known.end(), ConsoleInput::names().begin(), ConsoleInput::names().end());
    return fail(ErrorCode::kInvalidArgument, fmt::format("unknown property {}{}", name, did_you_mean(name, known)));
  }

  Cluster::Properties delivery_properties() const {
    Cluster::Properties properties;
    const auto add = [&](const char* name, const std::optional<std::string>& value) {
      if (value) properties.emplace_back(name, *value);
    };
    add("compression.type", compression_codec_);
    add("batch.size", batch_size_);
    add("message.send.max.retries", max_retries_);
    add("retry.backoff.ms", retry_backoff_ms_);
    add("acks", acks_);
    if (acks_ && *acks_ != "all" && *acks_ != "-1") properties.emplace_back("enable.idempotence", "false");
    return properties;
  }

  // Until the input ends or a stop is requested. A line that is wrong does not keep the others back.
  Result<void> send_lines(Context& context, LineReader& lines, const RecordEncoder& encoder,
                          RecordWriter& writer) const {
    ProgressPace pace(Clock::now());
    for (;;) {
      const auto outcome = lines.next(writer.is_idle() ? milliseconds(-1) : milliseconds(0));
      if (!outcome) return fail(outcome.error());
      if (*outcome == LineReader::Outcome::kEnd || *outcome == LineReader::Outcome::kStopped) return {};
      if (*outcome == LineReader::Outcome::kWaiting) {
        writer.poll(milliseconds(20));
        continue;
      }
      if (lines.line().empty()) continue;
      auto record = encoder.encode(lines.line());
      if (record) {
        writer.send(*std::move(record), lines.place());
      } else {
        writer.refuse(lines.place(), record.error());
      }
      while (is_sync_ && !writer.is_idle()) writer.poll(milliseconds(100));
      // On one terminal, lines of results would run through the bar.
      const bool has_bar = is_quiet_ || !context.out.is_terminal();
      if (has_bar && pace.is_due(Clock::now())) {
        context.messages.progress(progress_line(*topic_, lines.bytes_read(), lines.bytes_total(),
                                                fmt::format("{} records", grouped(writer.written()))));
        writer.poll(milliseconds(0));
      }
    }
  }

  std::optional<std::string> topic_;
  std::optional<std::string> topic_flag_;
  std::string from_ = "-";
  std::string format_ = "json";
  std::vector<std::string> properties_;
  std::string output_ = "text";
  bool is_quiet_ = false;
  RecordEncoding encoding_;
  PartFormats formats_;
  bool is_sync_ = false;
  std::optional<std::string> compression_codec_;
  std::optional<std::string> batch_size_;
  std::optional<std::string> max_retries_;
  std::optional<std::string> retry_backoff_ms_;
  std::optional<std::string> acks_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_produce_command() { return std::make_unique<ProduceCommand>(); }

}  // namespace omashu::cli
