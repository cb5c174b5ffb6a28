#include <fmt/core.h>

#include "cli/cluster.h"
#include "cli/commands.h"
#include "cli/consume_formatter.h"
#include "cli/consume_loop.h"
#include "cli/consume_options.h"
#include "cli/diagnostics.h"
#include "cli/read_range.h"

namespace omashu::cli {

namespace {

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
                "as text; --avro-json prints Avro's own JSON. produce reads each of these back to the same bytes "
                "with the same option. Bytes that are no text are {\"base64\":\"…\"}.\n"
                "A key that does not decode is printed as its bytes, and the exit code is 1 (0 with "
                "--skip-message-on-error).\n"
                "With --group, offsets are committed after the lines are out; SIGINT and SIGTERM finish what was "
                "read, commit and leave the group.",
            .examples = {
                {"All records that are there", "omashu consume status-download --from-beginning --timeout-ms 3000"},
                {"As a member of a group, going on where it was left",
                 "omashu consume download-request --group downloaders --from-beginning"},
                {"One record", "omashu consume status-download --partition 2 --offset 17 --max-messages 1"}}};
  }

  void declare(OptionParser& parser) override { options_.declare(parser); }
  Result<void> check() override { return options_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(options_.connection);
    if (!cluster) return fail(std::move(cluster.error()));
    if (const auto topic = cluster->topic(*options_.topic); !topic) return fail(topic.error());
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    auto consumer = open_consumer(*cluster);
    if (!consumer) return fail(std::move(consumer.error()));
    ConsumeFormatter formatter(options_, **registry);
    const ConsumeLimits limits = make_limits();
    ConsumeLoop loop(context, **consumer, formatter, limits);
    const auto started =
        options_.group ? loop.subscribe(std::vector{*options_.topic}) : assign(context, **consumer, cluster->timeout());
    if (!started) return fail(started.error());
    auto read = loop.read_all();
    if (auto finished = loop.finish(); !finished) return fail(std::move(finished.error()));
    if (options_.is_console) {
      context.messages.plain(fmt::format("Processed a total of {} messages", loop.printed()));
    }
    if (!read) return fail(std::move(read.error()));
    return loop.flawed() > 0 && !options_.is_skipping ? ExitCode::kFailed : ExitCode::kDone;
  }

 private:
  ConsumeLimits make_limits() const {
    ConsumeLimits limits{.max_messages = options_.max_messages, .is_skipping = options_.is_skipping};
    if (options_.timeout_ms) limits.idle_timeout = std::chrono::milliseconds(*options_.timeout_ms);
    limits.is_committing = options_.group.has_value();
    return limits;
  }

  Result<std::unique_ptr<kafka::Consumer>> open_consumer(Cluster& cluster) const {
    Cluster::Properties properties = {{"isolation.level", options_.isolation_level},
                                      {"auto.offset.reset", options_.is_from_beginning ? "earliest" : "latest"}};
    if (options_.group) properties.emplace_back("group.id", *options_.group);
    return cluster.consumer(properties);
  }

  Result<void> assign(Context& context, kafka::Consumer& consumer, std::chrono::milliseconds timeout) const {
    const auto ranges = find_read_ranges(
        {.topic = *options_.topic, .partition = options_.partition, .start = options_.start}, consumer, timeout);
    if (!ranges) return fail(ranges.error());
    for (const std::string& note : ranges->notes) context.messages.warning(note);
    return consumer.assign(ranges->starts);
  }

  ConsumeOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_consume_command() { return std::make_unique<ConsumeCommand>(); }

}  // namespace omashu::cli
