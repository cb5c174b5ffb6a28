#include <fmt/core.h>

#include <chrono>

#include "cli/commands.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/records/consume_formatter.h"
#include "cli/records/consume_loop.h"
#include "cli/records/consume_options.h"
#include "cli/records/read_range.h"
#include "cli/records/tail_records.h"
#include "cli/stop_signal.h"

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;

// The texts are rows as JSON.
class RowSink : public RecordSink {
 public:
  RowSink(Output& out, RowOutput& rows) : out_(out), rows_(rows) {}

  void add(const kafka::Message&, std::string_view text) override { add_text(text); }
  void on_idle() override { rows_.flush(out_); }

  void add_text(std::string_view text) {
    if (auto row = json::parse(text)) rows_.add(out_, *std::move(row));
  }

 private:
  Output& out_;
  RowOutput& rows_;
};

class ConsumeCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "consume",
        .summary = "Print records",
        .usages = {"TOPIC [-e] [--where CONDITION]…", "--topic TOPIC --from-beginning"},
        .details =
            "In a pipe a record is a line {\"partition\":…,\"offset\":…,\"timestamp\":…,\"key\":…,\"value\":…}, "
            "with the headers where there are any; on a terminal it is a row of a table. Logical types are "
            "readable: times as ISO 8601, decimals as text; --avro-json prints Avro's own JSON. produce reads both "
            "back with the same option. A key that does not decode is printed as its bytes, {\"base64\":\"…\"}, and "
            "the exit code is 1 (0 with --skip-message-on-error).\n"
            "A template is a text with %t topic, %p partition, %o offset, %T timestamp in milliseconds, %k key, %v "
            "value (%s is the same), %K and %S their bytes' numbers, %h headers, and \\n, \\t, \\xHH.\n"
            "Without --from-beginning, --offset, --from or --tail it starts at the end, and without -e, --until or "
            "--tail it goes on with what comes. With --group, offsets are committed after the lines are out; SIGINT "
            "and SIGTERM finish what was read, commit and leave the group.",
        .examples = {{"All records that are there", "omashu consume status-download --from-beginning -e"},
                     {"The last ten failures", "omashu consume status-download --tail 10 --where status=FAILED"},
                     {"What came between two and one hour ago", "omashu consume download-request --from 2h --until 1h"},
                     {"Keys and values, a line each", "omashu consume status-download -e --offset -100 -f '%k %v\\n'"},
                     {"As a member of a group, going on where it was left",
                      "omashu consume download-request --group downloaders --from-beginning"},
                     {"One record", "omashu consume status-download --partition 2 --offset 17 --max-messages 1"}}};
  }

  void declare(OptionParser& parser) override { options_.declare(parser); }
  Result<void> check() override { return options_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, options_.connection);
    if (!cluster) return fail(std::move(cluster.error()));
    if (const auto topic = cluster->topic(*options_.topic); !topic) return fail(topic.error());
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    if (auto opened = options_.selection.open(**registry, *options_.topic); !opened) return fail(opened.error());
    auto consumer = open_consumer(*cluster);
    if (!consumer) return fail(std::move(consumer.error()));
    ConsumeFormatter formatter(options_, options_.form(context.out), **registry);
    auto flawed = options_.tail ? print_tail(context, **consumer, formatter, cluster->timeout())
                                : print_all(context, **consumer, formatter, cluster->timeout());
    if (!flawed) return fail(std::move(flawed.error()));
    if (auto finished = options_.rows.finish(context); !finished) return fail(std::move(finished.error()));
    return *flawed > 0 && !options_.is_skipping ? ExitCode::kFailed : ExitCode::kDone;
  }

 private:
  // Gives the number of records that did not decode.
  Result<int64_t> print_all(Context& context, kafka::Consumer& consumer, ConsumeFormatter& formatter,
                            milliseconds timeout) {
    const bool is_member = options_.group.has_value();
    ConsumeLimits limits{.max_messages = options_.max_messages, .is_skipping = options_.is_skipping};
    if (options_.timeout_ms) limits.idle_timeout = milliseconds(*options_.timeout_ms);
    limits.is_committing = is_member;
    limits.is_to_group_end = is_member && options_.is_to_present_end;
    ReadRanges ranges;
    if (!is_member) {
      auto found = assign(context, consumer, timeout);
      if (!found) return fail(std::move(found.error()));
      ranges = *std::move(found);
    }
    limits.waiting_note = waiting_note(ranges);

    ConsumeLoop loop(context, consumer, formatter, limits);
    RowSink rows(context.out, options_.rows);
    if (options_.form(context.out) == ConsumeOptions::Form::kRows) loop.print_to(rows);
    if (is_member) {
      if (auto joined = loop.subscribe(std::vector{*options_.topic}); !joined) return fail(std::move(joined.error()));
    } else if (options_.has_end()) {
      loop.read_until(ReadEnds(ranges.starts, ranges.ends));
    }
    auto read = loop.read_all();
    if (auto finished = loop.finish(); !finished) return fail(std::move(finished.error()));
    if (options_.is_console) {
      context.messages.plain(fmt::format("Processed a total of {} messages", loop.printed()));
    }
    if (!read) return fail(std::move(read.error()));
    return loop.flawed();
  }

  Result<int64_t> print_tail(Context& context, kafka::Consumer& consumer, ConsumeFormatter& formatter,
                             milliseconds timeout) {
    const auto count = static_cast<size_t>(*options_.tail);
    const auto all = find_read_ranges({.topic = *options_.topic, .partition = options_.partition}, consumer, timeout);
    if (!all) return fail(all.error());
    const ConsumeLimits limits{.is_skipping = options_.is_skipping};
    TailRecords records(count);
    TailRanges ranges(all->watermarks, count);
    int64_t flawed = 0;
    for (auto round = ranges.next(records); !round.starts.empty(); round = ranges.next(records)) {
      if (auto assigned = consumer.assign(round.starts); !assigned) return fail(std::move(assigned.error()));
      ConsumeLoop loop(context, consumer, formatter, limits);
      loop.print_to(records);
      loop.read_until(ReadEnds(round.starts, round.ends));
      if (auto read = loop.read_all(); !read) return fail(std::move(read.error()));
      flawed += loop.flawed();
      if (context.stop.is_requested()) break;
    }
    RowSink rows(context.out, options_.rows);
    const bool is_rows = options_.form(context.out) == ConsumeOptions::Form::kRows;
    records.emit([&](const std::string& text) {
      if (is_rows) {
        rows.add_text(text);
      } else {
        context.out.text(text);
      }
    });
    if (auto closed = consumer.close(); !closed) return fail(std::move(closed.error()));
    return flawed;
  }

  Result<std::unique_ptr<kafka::Consumer>> open_consumer(Cluster& cluster) const {
    Cluster::Properties properties = {{"isolation.level", options_.isolation_level},
                                      {"auto.offset.reset", options_.is_from_beginning() ? "earliest" : "latest"}};
    if (options_.group) properties.emplace_back("group.id", *options_.group);
    return cluster.consumer(properties);
  }

  Result<ReadRanges> assign(Context& context, kafka::Consumer& consumer, milliseconds timeout) const {
    auto ranges = find_read_ranges({.topic = *options_.topic,
                                    .partition = options_.partition,
                                    .start = options_.start,
                                    .until_ms = options_.until_ms,
                                    .is_to_present_end = options_.is_to_present_end},
                                   consumer, timeout);
    if (!ranges) return ranges;
    for (const std::string& note : ranges->notes) context.messages.warning(note);
    if (auto assigned = consumer.assign(ranges->starts); !assigned) return fail(std::move(assigned.error()));
    return ranges;
  }

  // Where it ends by itself, or prints as another tool, nothing is said.
  std::string waiting_note(const ReadRanges& ranges) const {
    if (options_.has_end() || options_.timeout_ms || options_.is_console) return "";
    if (options_.group)
      return fmt::format("waiting for records of {} as a member of {}", *options_.topic, *options_.group);
    if (ranges.is_topic_empty()) return fmt::format("{} is empty: waiting for its first record", *options_.topic);
    const bool is_from_end = options_.start.kind == StartPosition::Kind::kEnd;
    return fmt::format("waiting for new records of {}{}", *options_.topic,
                       is_from_end ? "; --from-beginning prints those that are there" : "");
  }

  ConsumeOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_consume_command() { return std::make_unique<ConsumeCommand>(); }

}  // namespace omashu::cli
