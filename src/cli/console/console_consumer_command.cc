#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/connection/cluster.h"
#include "cli/console/console_consumer_options.h"
#include "cli/console/console_topic.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/records/consume_loop.h"
#include "cli/records/read_range.h"

namespace omashu::cli {

namespace {

// Of the broker's own topics none is included, as exclude.internal.topics=true has it.
bool is_internal(std::string_view topic) { return topic == "__consumer_offsets" || topic == "__transaction_state"; }

class ConsoleConsumerCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "console-consumer",
        .summary = "Print records as kafka-avro-console-consumer does",
        .usages = {"--topic TOPIC --from-beginning", "--include REGEX"},
        .details =
            "The options and properties are those of Confluent's tool, and so is what is printed: a value as "
            "Avro's JSON, before it what print.timestamp, print.partition, print.offset, print.headers and "
            "print.key ask for. Called by the name kafka-avro-console-consumer the program is this command. `omashu "
            "consume` prints readable JSON and knows more ends and filters.\n"
            "Exit codes are that tool's: 1 for a wrong command line, too, and 0 where --timeout-ms ends it.",
        .examples = {{"All records, with their keys",
                      "omashu console-consumer --topic status-download --from-beginning --property print.key=true"},
                     {"One record of a partition",
                      "omashu console-consumer --topic status-download --partition 2 --offset 17 --max-messages 1"},
                     {"Keys that are no Avro",
                      "omashu console-consumer --topic t --property print.key=true --property "
                      "key.deserializer=org.apache.kafka.common.serialization.StringDeserializer"}}};
  }

  void declare(OptionParser& parser) override { options_.declare(parser); }
  Result<void> check() override { return options_.check(); }
  ExitCode usage_exit_code() const override { return ExitCode::kFailed; }

  Result<ExitCode> run(Context& context) override {
    for (const std::string& warning : options_.warnings) context.messages.warning(warning);
    auto cluster = Cluster::open(context, options_.connection);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto topics = find_topics(context, *cluster);
    if (!topics) return fail(topics.error());
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    auto consumer = open_consumer(*cluster);
    if (!consumer) return fail(std::move(consumer.error()));
    AvroMessageFormatter formatter(options_.format, **registry);
    const ConsumeLimits limits = make_limits();
    ConsumeLoop loop(context, **consumer, formatter, limits);
    const auto started = options_.partition ? assign(context, **consumer, cluster->timeout()) : loop.subscribe(*topics);
    if (!started) return fail(started.error());
    auto read = loop.read_all();
    auto finished = loop.finish();
    if (context.out.is_broken()) context.messages.plain("Unable to write to standard out, closing consumer.");
    context.messages.plain(fmt::format("Processed a total of {} messages", loop.processed()));
    if (options_.has_systest_events) context.out.line("shutdown_complete");
    if (!read) return fail(std::move(read.error()));
    if (!finished) return fail(std::move(finished.error()));
    return ExitCode::kDone;
  }

 private:
  ConsumeLimits make_limits() const {
    ConsumeLimits limits;
    limits.max_messages = options_.max_messages;
    if (options_.timeout_ms) limits.idle_timeout = std::chrono::milliseconds(*options_.timeout_ms);
    limits.is_skipping = options_.is_skipping;
    limits.is_committing = options_.is_committing;
    limits.counts_what_it_read = true;
    return limits;
  }

  Result<std::vector<std::string>> find_topics(Context& context, Cluster& cluster) const {
    if (options_.topic) {
      if (auto topic = find_or_auto_create_topic(cluster, *options_.topic, context.stop); !topic)
        return fail(std::move(topic.error()));
      return std::vector{*options_.topic};
    }
    const auto admin = cluster.admin();
    if (!admin) return fail(admin.error());
    const auto all = (*admin)->list_topics();
    if (!all) return fail(all.error());
    std::vector<std::string> names;
    for (const kafka::TopicDescription& topic : *all) {
      if (!is_internal(topic.name) && options_.included_topics->matches(topic.name)) names.push_back(topic.name);
    }
    if (!names.empty()) return names;
    return fail(ErrorCode::kNotFound,
                fmt::format("no topic at {} matches {}", cluster.bootstrap_servers(), *options_.include));
  }

  Result<std::unique_ptr<kafka::Consumer>> open_consumer(Cluster& cluster) const {
    return cluster.consumer({{"isolation.level", options_.isolation_level.value_or("read_uncommitted")},
                             {"auto.offset.reset", options_.auto_offset_reset},
                             {"group.id", options_.group_id}});
  }

  Result<void> assign(Context& context, kafka::Consumer& consumer, std::chrono::milliseconds timeout) const {
    const auto ranges = find_read_ranges(
        {.topic = *options_.topic, .partition = options_.partition, .start = options_.start}, consumer, timeout);
    if (!ranges) return fail(ranges.error());
    for (const std::string& note : ranges->notes) context.messages.warning(note);
    return consumer.assign(ranges->starts);
  }

  ConsoleConsumerOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_console_consumer_command() { return std::make_unique<ConsoleConsumerCommand>(); }

}  // namespace omashu::cli
