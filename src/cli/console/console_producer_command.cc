#include <chrono>

#include "cli/commands.h"
#include "cli/connection/cluster.h"
#include "cli/console/avro_message_reader.h"
#include "cli/console/console_producer_options.h"
#include "cli/console/console_topic.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/records/line_reader.h"
#include "cli/records/record_writer.h"

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;

class ConsoleProducerCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "console-producer",
        .summary = "Write records from lines as kafka-avro-console-producer does",
        .usages = {"--topic TOPIC --property value.schema=TEXT"},
        .details =
            "The options and properties are those of Confluent's tool. A line is a value in Avro's JSON; with "
            "parse.key=true a key and a tab stand before it, with parse.headers=true headers and a tab before both. "
            "Called by the name kafka-avro-console-producer the program is this command. `omashu produce` takes "
            "lines of JSON and the topic's latest schema.\n"
            "As that tool does, it ends with exit code 1 at the first line that is wrong; the lines before it are "
            "written. The exit code is 1 for a wrong command line, too.",
        .examples = {{"A text, with its schema",
                      "echo '\"hello\"' | omashu console-producer --topic t --property value.schema='\"string\"'"},
                     {"Keys and values, with the schemas of files",
                      "omashu console-producer --topic t --property parse.key=true --property "
                      "key.schema.file=key.avsc --property value.schema.file=value.avsc < lines"},
                     {"A key that is a plain text",
                      "omashu console-producer --topic t --property parse.key=true --property "
                      "key.serializer=org.apache.kafka.common.serialization.StringSerializer --property "
                      "value.schema.id=7 < lines"}}};
  }

  void declare(OptionParser& parser) override { options_.declare(parser); }
  Result<void> check() override { return options_.check(); }
  ExitCode usage_exit_code() const override { return ExitCode::kFailed; }

  Result<ExitCode> run(Context& context) override {
    for (const std::string& warning : options_.warnings) context.messages.warning(warning);
    auto lines = LineReader::open("-", context.stop);
    if (!lines) return fail(std::move(lines.error()));
    auto cluster = Cluster::open(context, options_.connection);
    if (!cluster) return fail(std::move(cluster.error()));
    if (auto topic = find_or_auto_create_topic(*cluster, *options_.topic, context.stop); !topic)
      return fail(std::move(topic.error()));
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    const auto reader = AvroMessageReader::open(**registry, *options_.topic, options_.reader);
    if (!reader) return fail(reader.error());
    auto producer = cluster->producer(options_.delivery);
    if (!producer) return fail(std::move(producer.error()));
    RecordWriter writer(context, *cluster, *std::move(producer), RecordWriter::Form::kQuiet);
    auto sent = send_lines(*lines, *reader, writer);
    const auto written = writer.finish(cluster->timeout() + kGrace);
    if (!sent) return fail(std::move(sent.error()));
    return written;
  }

 private:
  static constexpr milliseconds kGrace{5'000};  // beyond the time after which the producer gives a record up itself

  Result<void> send_lines(LineReader& lines, const AvroMessageReader& reader, RecordWriter& writer) const {
    for (;;) {
      const auto outcome = lines.next(writer.is_idle() ? milliseconds(-1) : milliseconds(0));
      if (!outcome) return fail(outcome.error());
      if (*outcome == LineReader::Outcome::kEnd || *outcome == LineReader::Outcome::kStopped) return {};
      if (*outcome == LineReader::Outcome::kWaiting) {
        writer.poll(milliseconds(20));
        continue;
      }
      auto record = reader.read(lines.line());
      if (!record) return fail(std::move(record.error()).within(lines.place()));
      writer.send(*std::move(record), lines.place());
      while (options_.is_sync && !writer.is_idle()) writer.poll(milliseconds(100));
    }
  }

  ConsoleProducerOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_console_producer_command() { return std::make_unique<ConsoleProducerCommand>(); }

}  // namespace omashu::cli
