#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/counted.h"
#include "base/time_point_text.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/groups/groups_verbs.h"
#include "cli/groups/known_groups.h"
#include "cli/groups/offset_reset.h"
#include "cli/option_parser.h"
#include "cli/output/row_output.h"
#include "inspect/group_lag.h"

namespace omashu::cli {

namespace {

using Partitions = std::set<kafka::TopicPartition>;
using Timestamps = std::map<kafka::TopicPartition, int64_t>;

Result<std::map<kafka::TopicPartition, kafka::Offset>> ask_offsets(kafka::GroupAdmin& admin,
                                                                   const Partitions& partitions, int64_t timestamp) {
  Timestamps asked;
  for (const kafka::TopicPartition& partition : partitions) asked[partition] = timestamp;
  std::map<kafka::TopicPartition, kafka::Offset> offsets;
  for (const auto& [partition, offset] : admin.list_offsets(asked)) {
    if (!offset) return fail(offset.error());
    offsets[partition] = offset->offset;
  }
  return offsets;
}

class GroupsResetCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "reset",
        .summary = "Move the committed offsets of a group",
        .usages = {"GROUP --topic TOPIC --to WHERE [--execute]"},
        .details =
            "Shows what would be committed; --execute commits it, while the group has no members. WHERE is earliest, "
            "latest, an offset, +N or -N records from what is committed, or a time: 2h (ago), 2026-11-30T08:00Z; the "
            "first record at or after it is read next. A bare number is an offset: milliseconds since 1970 go to "
            "--to-datetime. An offset that is gone, or not written yet, becomes the nearest there is. The words of "
            "Kafka's own tool are taken too: --to-earliest, --to-latest, --to-current, --to-offset, --shift-by, "
            "--to-datetime, --dry-run.",
        .examples = {
            {"Look first, and read all of a topic again",
             "omashu groups reset billing --topic orders --to earliest && "
             "omashu groups reset billing --topic orders --to earliest --execute"},
            {"What came in the last two hours once more", "omashu groups reset billing --topic orders --to 2h"},
            {"Pass over one record", "omashu groups reset billing --topic orders:3 --to +1 --execute"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("GROUP", group_, "the group");
    options.option("--topic", "TOPIC[:PARTITIONS]", topics_,
                   "what to move: a topic, or some partitions of it (orders:0,2-4); may be repeated");
    options.flag("--all-topics", is_all_topics_, "every partition for which the group has committed an offset");
    options.option("--to", "WHERE", to_, "earliest, latest, an offset, +N, -N or a time");
    options.flag("--execute", executes_, "commit the offsets");
    options.flag("--dry-run", is_dry_run_, "show what would be committed, as without --execute");
    options.flag("--to-earliest", to_earliest_, "");
    options.flag("--to-latest", to_latest_, "");
    options.flag("--to-current", to_current_, "");
    options.option("--to-offset", "N", to_offset_, "");
    options.option("--shift-by", "N", shift_by_, "");
    options.option("--to-datetime", "TIME", to_datetime_, "");
    rows_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<void> check() override {
    if (executes_ && is_dry_run_) return fail(ErrorCode::kInvalidArgument, "--execute and --dry-run are opposites");
    if (topics_.empty() != is_all_topics_) {
      return fail(ErrorCode::kInvalidArgument, "say what to move: --topic TOPIC[:PARTITIONS], or --all-topics");
    }
    for (const std::string& text : topics_) {
      auto choice = parse_partition_choice(text);
      if (!choice) return fail(std::move(choice).error().within("--topic"));
      choices_.push_back(*std::move(choice));
    }
    if (auto read = read_target(); !read) return read;
    return rows_.check();
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->group_admin();
    if (!admin) return fail(admin.error());
    if (auto usable = look_at_group(context, **admin, cluster->bootstrap_servers()); !usable) {
      return fail(std::move(usable.error()));
    }
    auto committed = (*admin)->committed_offsets(std::span(&group_, 1)).front();
    if (!committed) return fail(std::move(committed.error()));
    const auto partitions = chosen_partitions(*cluster, *committed);
    if (!partitions) return fail(partitions.error());
    const auto changes = plan(**admin, *partitions, *committed);
    if (!changes) return fail(changes.error());
    return executes_ ? commit(context, **admin, *changes) : show(context, *changes);
  }

 private:
  Result<void> read_target() {
    const int64_t now_ms = current_time_ms();
    std::vector<Result<ResetTarget>> targets;
    if (to_) targets.push_back(parse_reset_target(*to_, now_ms));
    if (to_earliest_) targets.push_back(ResetTarget{ResetTarget::Kind::kEarliest});
    if (to_latest_) targets.push_back(ResetTarget{ResetTarget::Kind::kLatest});
    if (to_current_) targets.push_back(ResetTarget{ResetTarget::Kind::kCurrent});
    if (to_offset_) targets.push_back(ResetTarget{ResetTarget::Kind::kOffset, *to_offset_});
    if (shift_by_) targets.push_back(ResetTarget{ResetTarget::Kind::kShift, *shift_by_});
    if (to_datetime_) {
      const auto time = parse_time_point(*to_datetime_, now_ms);
      targets.push_back(time ? Result<ResetTarget>(ResetTarget{ResetTarget::Kind::kTime, *time}) : fail(time.error()));
    }
    if (targets.size() != 1) {
      return fail(ErrorCode::kInvalidArgument,
                  "say once where to go: --to earliest, latest, an offset, +N, -N or a time");
    }
    if (!targets.front()) return fail(std::move(targets.front()).error().within("--to"));
    target_ = *targets.front();
    return {};
  }

  // Offsets are committed only while nobody else commits.
  Result<void> look_at_group(Context& context, kafka::GroupAdmin& admin, const std::string& servers) const {
    const auto group = admin.describe_groups(std::span(&group_, 1)).front();
    if (!group && group.error().code == ErrorCode::kNotFound) {
      if (is_all_topics_) return fail(unknown_group(admin, group_, servers));
      context.messages.warning(unknown_group(admin, group_, servers).message + "; --execute makes it");
      return {};
    }
    if (!group) return fail(group.error());
    if (group->state == "Empty") return {};
    const std::string why = fmt::format("group {} is {} with {}", group_, group->state, members_text(*group));
    if (executes_) return fail(ErrorCode::kConflict, why + ": stop them first; nothing was changed");
    context.messages.warning(why + ": --execute needs a group without members");
    return {};
  }

  Result<Partitions> chosen_partitions(Cluster& cluster, const inspect::CommittedOffsets& committed) const {
    Partitions partitions;
    if (is_all_topics_) {
      for (const auto& [partition, offset] : committed) partitions.insert(partition);
    }
    for (const PartitionChoice& choice : choices_) {
      const auto topic = cluster.topic(choice.topic);
      if (!topic) return fail(topic.error());
      for (const kafka::PartitionId partition : choice.partitions) {
        if (partition < topic->partitions) continue;
        return fail(ErrorCode::kNotFound,
                    fmt::format("topic {} has no partition {}: it has {}", choice.topic, partition,
                                counted(static_cast<size_t>(topic->partitions), "partition")));
      }
      if (!choice.partitions.empty()) {
        for (const kafka::PartitionId partition : choice.partitions) partitions.insert({choice.topic, partition});
      } else {
        for (kafka::PartitionId p = 0; p < topic->partitions; ++p) partitions.insert({choice.topic, p});
      }
    }
    return partitions;
  }

  Result<std::vector<OffsetChange>> plan(kafka::GroupAdmin& admin, const Partitions& partitions,
                                         const inspect::CommittedOffsets& committed) const {
    const auto begins = ask_offsets(admin, partitions, kafka::kEarliestTimestamp);
    if (!begins) return fail(begins.error());
    const auto ends = ask_offsets(admin, partitions, kafka::kLatestTimestamp);
    if (!ends) return fail(ends.error());
    Result<std::map<kafka::TopicPartition, kafka::Offset>> times;
    if (target_.kind == ResetTarget::Kind::kTime) times = ask_offsets(admin, partitions, target_.value);
    if (!times) return fail(times.error());
    std::vector<OffsetChange> changes;
    for (const kafka::TopicPartition& partition : partitions) {
      PartitionState state{.partition = partition,
                           .committed = {},
                           .begin = begins->at(partition),
                           .end = ends->at(partition),
                           .at_time = {}};
      if (const auto found = committed.find(partition); found != committed.end()) state.committed = found->second;
      const auto time = times->find(partition);
      if (time != times->end() && time->second >= 0) state.at_time = time->second;
      auto change = plan_reset(target_, state);
      if (!change) return fail(std::move(change.error()));
      changes.push_back(*std::move(change));
    }
    return changes;
  }

  void add_row(Context& context, const OffsetChange& change) {
    json::Value row = json::Value::object();
    row.add("topic", change.partition.topic);
    row.add("partition", change.partition.partition);
    row.add("committed", change.before ? json::Value(*change.before) : json::Value());
    row.add("new_offset", change.after);
    row.add("by", change.before ? json::Value(change.after - *change.before) : json::Value());
    row.add("note", change.note.empty() ? json::Value() : json::Value(change.note));
    rows_.add(context.out, std::move(row));
  }

  Result<ExitCode> show(Context& context, const std::vector<OffsetChange>& changes) {
    for (const OffsetChange& change : changes) add_row(context, change);
    if (auto finished = rows_.finish(context); !finished) return fail(std::move(finished.error()));
    context.messages.note("nothing was changed: --execute commits these offsets");
    return ExitCode::kDone;
  }

  Result<ExitCode> commit(Context& context, kafka::GroupAdmin& admin, const std::vector<OffsetChange>& changes) {
    std::map<kafka::TopicPartition, kafka::Offset> offsets;
    for (const OffsetChange& change : changes) offsets[change.partition] = change.after;
    if (offsets.empty()) return ExitCode::kDone;
    const auto committed = admin.alter_committed_offsets(group_, offsets);
    if (!committed) return fail(Error(committed.error()).within(fmt::format("group {}", group_)));
    ExitCode exit_code = ExitCode::kDone;
    for (const OffsetChange& change : changes) {
      const auto result = committed->find(change.partition);
      if (result != committed->end() && result->second) {
        add_row(context, change);
        continue;
      }
      const std::string why =
          result == committed->end() ? "the broker's answer leaves it out" : result->second.error().message;
      context.messages.error(
          fmt::format("{}-{} was not committed: {}", change.partition.topic, change.partition.partition, why));
      exit_code = ExitCode::kFailed;
    }
    if (auto finished = rows_.finish(context); !finished) return fail(std::move(finished.error()));
    return exit_code;
  }

  std::string group_;
  std::vector<std::string> topics_;
  bool is_all_topics_ = false;
  std::optional<std::string> to_;
  bool executes_ = false;
  bool is_dry_run_ = false;
  bool to_earliest_ = false, to_latest_ = false, to_current_ = false;
  std::optional<int64_t> to_offset_, shift_by_;
  std::optional<std::string> to_datetime_;
  RowOutput rows_;
  ConnectionOptions connection_;

  std::vector<PartitionChoice> choices_;
  ResetTarget target_;
};

}  // namespace

std::unique_ptr<Command> make_groups_reset() { return std::make_unique<GroupsResetCommand>(); }

}  // namespace omashu::cli
