#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "cli/commands.h"
#include "cli/connection/cluster.h"
#include "cli/connection/connection.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/progress.h"
#include "cli/stop_signal.h"
#include "kafka/message_batch.h"
#include "sink/replay.h"
#include "sink/retry_place.h"

namespace omashu::cli {

namespace {

using kafka::Offset;
using kafka::TopicPartition;
using Positions = std::map<TopicPartition, Offset>;
using std::chrono::milliseconds;

class ReplayCommand : public Command {
 public:
  Description description() const override {
    return {.name = "replay",
            .summary = "Send dead letters to their topic again, after a mend",
            .usages = {"DEAD_LETTERS --to TOPIC"},
            .details =
                "Takes the dead letters that are there when it starts, and sends each as the record that it was: key, "
                "value, headers and timestamp, with omashu.replayed.from and omashu.replays in its headers. Records of "
                "one key keep their order. It commits how far it came in a group of its own, and goes on from there "
                "the next time; a record may be sent twice where it was killed in between.\n\n"
                "A replayed record is a new one: it stands behind those of its key that were written meanwhile, and a "
                "table shows it. A record that died again after three replays is left where it is (--max-replays).",
            .examples = {{"After the table was widened", "omashu replay status-download.dead --to status-download"},
                         {"What would be sent", "omashu replay status-download.dead --to status-download --dry-run"},
                         {"Those of one topic, of dead letters that several share",
                          "omashu replay dead --only-from requests --to requests"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("DEAD_LETTERS", dead_letters_, "the topic of the dead letters");
    options.option("--to", "TOPIC", to_, "the topic that they are sent to");
    options.option("--only-from", "TOPIC", only_from_, "only those that failed in this topic");
    options.flag("--from-any", is_from_any_, "those that failed in other topics than --to, too");
    options.option("--max-replays", "N", max_replays_, "leave what was replayed so often and died again (default 3)");
    options.option("--group", "GROUP", group_,
                   "the group that remembers how far it came (default omashu-replay-DEAD_LETTERS-TOPIC)");
    options.flag("--dry-run", is_dry_run_, "print where each would come from, and send nothing");
    connection_.declare_kafka(options);
  }

  Result<void> check() override {
    if (!to_) return fail(ErrorCode::kInvalidArgument, "--to TOPIC is missing: where to send them");
    if (*to_ == dead_letters_) {
      return fail(ErrorCode::kInvalidArgument, "--to is the topic of the dead letters itself: they would never end");
    }
    if (only_from_ && is_from_any_) {
      return fail(ErrorCode::kInvalidArgument, "--only-from and --from-any exclude each other");
    }
    if (max_replays_ < 1) return fail(ErrorCode::kInvalidArgument, "--max-replays is 1 or more");
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    if (auto there = cluster->topic(*to_); !there) return fail(std::move(there.error()));
    const auto source = cluster->topic(dead_letters_);
    if (!source) return fail(source.error());
    auto consumer =
        cluster->consumer({{"group.id", group_.value_or(fmt::format("omashu-replay-{}-{}", dead_letters_, *to_))}});
    if (!consumer) return fail(std::move(consumer.error()));
    auto producer = cluster->producer();
    if (!producer) return fail(std::move(producer.error()));
    if (auto found = find_range(*cluster, **consumer, source->partitions); !found)
      return fail(std::move(found.error()));
    if (auto sent = send_all(context, *cluster, **consumer, **producer); !sent) return fail(std::move(sent.error()));
    context.messages.clear_progress();
    context.messages.note(fmt::format(
        "{} {}{}{}", grouped(replayed_), is_dry_run_ ? "would be replayed" : "replayed",
        left_out_ == 0 ? "" : fmt::format(", {} of other topics", left_out_),
        exhausted_ == 0
            ? ""
            : fmt::format(", {} left that died again after {} replays: --max-replays", exhausted_, max_replays_)));
    return ExitCode::kDone;
  }

 private:
  static constexpr size_t kMaxEvents = 500;

  // From where the group stands up to what is there now: what dies again meanwhile is for another run.
  Result<void> find_range(Cluster& cluster, kafka::Consumer& consumer, int partitions) {
    std::vector<TopicPartition> places;
    for (int i = 0; i < partitions; ++i) places.push_back({dead_letters_, kafka::PartitionId{i}});
    const auto committed = consumer.committed(places, cluster.timeout());
    if (!committed) return fail(committed.error());
    const auto marks = consumer.all_watermarks(places, cluster.timeout());
    if (!marks) return fail(marks.error());
    for (const TopicPartition& place : places) {
      const kafka::Watermarks& there = marks->at(place);
      const auto found = committed->find(place);
      const Offset start = found == committed->end() ? there.low : std::max(found->second, there.low);
      if (start >= there.high) continue;
      next_[place] = start;
      ends_[place] = there.high;
    }
    return {};
  }

  Result<void> send_all(Context& context, Cluster& cluster, kafka::Consumer& consumer, kafka::Producer& producer) {
    if (next_.empty()) return {};
    if (auto assigned = consumer.assign(next_); !assigned) return assigned;
    kafka::MessageBatch batch;
    ProgressPace pace(std::chrono::steady_clock::now());
    while (!ends_.empty() && !context.stop.is_requested()) {
      if (auto read = consumer.read_batch(batch, kMaxEvents, milliseconds(500)); !read) return read;
      auto failure = std::make_shared<std::optional<Error>>();
      Result<void> taken;
      for (const kafka::Message& message : batch.messages()) {
        if (taken = take(context, producer, message, failure); !taken) break;
      }
      for (const kafka::PartitionEnd& end : batch.ends()) {
        if (taken) advance(end.partition, end.offset);
      }
      if (is_dry_run_ && taken) continue;
      if (auto flushed = producer.flush(cluster.timeout()); !flushed) return flushed;
      if (*failure) return fail(**failure);
      if (auto committed = is_dry_run_ ? Result<void>() : consumer.commit(next_); !committed) return committed;
      if (!taken) return taken;
      if (pace.is_due(std::chrono::steady_clock::now())) {
        context.messages.progress(fmt::format("{} replayed", grouped(replayed_)));
      }
    }
    return {};
  }

  void advance(const TopicPartition& place, Offset next) {
    next_[place] = std::max(next_[place], next);
    const auto end = ends_.find(place);
    if (end != ends_.end() && next >= end->second) ends_.erase(end);
  }

  Result<void> take(Context& context, kafka::Producer& producer, const kafka::Message& message,
                    const std::shared_ptr<std::optional<Error>>& failure) {
    const TopicPartition place = {message.topic, message.partition};
    if (!ends_.contains(place)) return {};  // behind what was there at the start
    const std::string_view topic = sink::failed_topic(message);
    const std::string here = sink::origin_text({message.topic, message.partition, message.offset});
    if (only_from_ && topic != *only_from_) {
      ++left_out_;
    } else if (!only_from_ && !is_from_any_ && topic != *to_) {
      return fail(
          ErrorCode::kInvalidArgument,
          topic.empty()
              ? fmt::format("{} does not say in which topic it failed: it is no dead letter; --from-any sends "
                            "it all the same",
                            here)
              : fmt::format("{} failed in {}, not in {}: give --only-from TOPIC, or --from-any", here, topic, *to_));
    } else if (sink::replay_count(message) >= max_replays_) {
      ++exhausted_;
    } else {
      ++replayed_;
      if (is_dry_run_) {
        context.out.line(here);
      } else {
        auto sent =
            producer.send(sink::make_replay(message, *to_), [failure](const Result<kafka::RecordMetadata>& delivery) {
              if (!delivery && !*failure) *failure = delivery.error();
            });
        if (!sent) return fail(std::move(sent.error()).within(here));
      }
    }
    advance(place, message.offset + 1);
    return {};
  }

  std::string dead_letters_;
  std::optional<std::string> to_;
  std::optional<std::string> only_from_;
  bool is_from_any_ = false;
  int64_t max_replays_ = 3;
  std::optional<std::string> group_;
  bool is_dry_run_ = false;
  ConnectionOptions connection_;

  Positions next_;  // of each partition
  Positions ends_;  // of those that are not read to their end yet
  int64_t replayed_ = 0, left_out_ = 0, exhausted_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_replay_command() { return std::make_unique<ReplayCommand>(); }

}  // namespace omashu::cli
