#include <fmt/core.h>

#include <algorithm>

#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/groups/group_lag.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/records/report_format.h"
#include "cli/shared_error.h"
#include "cli/topics/topic_report.h"
#include "cli/topics/topics_verbs.h"
#include "kafka/newest_records.h"

namespace omashu::cli {

namespace {

using Timestamps = std::map<kafka::TopicPartition, int64_t>;

// Asks everything that the reports tell, each question once for all topics.
class TopicObserver {
 public:
  TopicObserver(Context& context, Cluster& cluster) : context_(context), cluster_(cluster) {}

  Result<std::vector<TopicReport>> observe(std::vector<kafka::TopicDescription> topics) {
    for (kafka::TopicDescription& topic : topics) {
      TopicReport& report = reports_.emplace_back();
      report.description = std::move(topic);
    }
    if (auto done = add_configs(); !done) return fail(std::move(done.error()));
    const auto groups = cluster_.group_admin();
    if (!groups) return fail(groups.error());
    add_offsets(**groups);
    if (auto done = add_readers(**groups); !done) {
      context_.messages.warning(fmt::format("the groups that read are not known: {}", done.error().message));
    }
    return std::move(reports_);
  }

 private:
  Result<void> add_configs() {
    const auto admin = cluster_.admin();
    if (!admin) return fail(admin.error());
    std::vector<std::string> names;
    for (const TopicReport& report : reports_) names.push_back(report.description.name);
    const auto configs = (*admin)->describe_configs(names);
    for (size_t i = 0; i < reports_.size(); ++i) {
      if (configs[i]) {
        reports_[i].configs = *configs[i];
      } else {
        context_.messages.warning(fmt::format("the settings are not known: {}", configs[i].error().message));
      }
    }
    return {};
  }

  // The same question for every partition that has a leader; one without would be waited for until the timeout.
  Timestamps for_all_partitions(int64_t timestamp) const {
    Timestamps timestamps;
    for (const TopicReport& report : reports_) {
      for (const kafka::PartitionDescription& partition : report.description.partition_descriptions) {
        if (partition.leader) timestamps[{report.description.name, partition.id}] = timestamp;
      }
    }
    return timestamps;
  }

  void add_offsets(kafka::GroupAdmin& groups) {
    const auto begins = groups.list_offsets(for_all_partitions(kafka::kEarliestTimestamp));
    const auto ends = groups.list_offsets(for_all_partitions(kafka::kLatestTimestamp));
    const auto newest = groups.list_offsets(for_all_partitions(kafka::kMaxTimestamp));
    std::map<kafka::TopicPartition, kafka::OffsetRange> untold;
    for (TopicReport& report : reports_) {
      for (const kafka::PartitionDescription& partition : report.description.partition_descriptions) {
        const kafka::TopicPartition place{report.description.name, partition.id};
        if (!partition.leader) continue;
        TopicReport::Offsets& offsets = report.offsets[partition.id];
        if (const auto& begin = begins.at(place)) offsets.begin = begin->offset;
        if (const auto& end = ends.at(place)) offsets.end = ends_[place] = end->offset;
        if (const auto& told = newest.at(place); told && told->offset >= 0) {
          note_newest(report, partition.id, *told);
        } else if (offsets.begin && offsets.end && *offsets.begin < *offsets.end) {
          untold[place] = {*offsets.begin, *offsets.end};
        }
      }
    }
    read_newest(untold);
  }

  static void note_newest(TopicReport& report, kafka::PartitionId partition, const kafka::ListedOffset& record) {
    if (report.newest && report.newest->timestamp_ms >= record.timestamp_ms) return;
    report.newest = {.partition = partition, .offset = record.offset, .timestamp_ms = record.timestamp_ms};
  }

  // For brokers that do not know kMaxTimestamp.
  void read_newest(const std::map<kafka::TopicPartition, kafka::OffsetRange>& partitions) {
    if (partitions.empty()) return;
    auto consumer = cluster_.consumer();
    if (!consumer) return context_.messages.warning("the newest record is not known: " + consumer.error().message);
    const auto records = kafka::read_newest_records(**consumer, partitions, cluster_.timeout());
    if (!records) return context_.messages.warning("the newest record is not known: " + records.error().message);
    for (TopicReport& report : reports_) {
      for (const auto& [place, record] : *records) {
        if (place.topic == report.description.name) note_newest(report, place.partition, record);
      }
    }
  }

  // A group reads a topic where it has committed an offset for it, or where a member has a partition of it.
  Result<void> add_readers(kafka::GroupAdmin& admin) {
    auto groups = admin.list_groups();
    if (!groups) return fail(std::move(groups.error()));
    std::vector<std::string> ids, joined;
    for (const kafka::GroupDescription& group : *groups) {
      ids.push_back(group.id);
      if (!group.members.empty()) joined.push_back(group.id);
    }
    const auto described = admin.describe_groups(joined);
    for (size_t i = 0; i < joined.size(); ++i) {
      if (described[i]) *std::ranges::find(*groups, joined[i], &kafka::GroupDescription::id) = *described[i];
    }
    const auto committed = admin.committed_offsets(ids);
    for (size_t i = 0; i < ids.size(); ++i) {
      if (committed[i]) add_reader((*groups)[i], *committed[i]);
    }
    return {};
  }

  void add_reader(const kafka::GroupDescription& group, const CommittedOffsets& committed) {
    const auto lags = partition_lags(group, committed, ends_);
    for (TopicReport& report : reports_) {
      TopicReport::Reader reader{.group = group.id, .state = group.state, .members = 0, .lag = 0};
      const auto is_of_topic = [&](const auto& partition) { return partition.topic == report.description.name; };
      reader.members = static_cast<size_t>(std::ranges::count_if(group.members, [&](const kafka::GroupMember& member) {
        return std::ranges::any_of(member.assignment, is_of_topic);
      }));
      bool reads = false;
      for (const PartitionLag& lag : lags) {
        if (!is_of_topic(lag.partition)) continue;
        reads = true;
        reader.lag += lag.lag.value_or(0);
      }
      if (reads) report.readers.push_back(std::move(reader));
    }
  }

  Context& context_;
  Cluster& cluster_;
  std::vector<TopicReport> reports_;
  EndOffsets ends_;
};

class TopicsDescribeCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "describe",
        .summary = "Describe topics: partitions, settings, newest record, and the groups that read them",
        .usages = {"TOPIC…"},
        .details =
            "Of the settings those are shown that are not Kafka's default, with who set them. The lag of a group "
            "is what it has yet to read of the topic, over the partitions for which it has committed an offset. "
            "Offsets count what was written, not what compaction has left.",
        .examples = {{"One topic", "omashu topics describe status-download"},
                     {"The lag of each group", "omashu topics describe status-download --output json | jq '.groups'"}}};
  }

  void declare(OptionParser& options) override {
    options.arguments("TOPIC", topics_, "the topics");
    format_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->admin();
    if (!admin) return fail(admin.error());
    ExitCode exit_code = ExitCode::kDone;
    std::vector<kafka::TopicDescription> found;
    const auto described = (*admin)->describe_topics(topics_);
    if (auto error = shared_error(described)) return fail(*std::move(error));
    for (size_t i = 0; i < topics_.size(); ++i) {
      if (described[i]) {
        found.push_back(*described[i]);
        continue;
      }
      const bool is_missing = described[i].error().code == ErrorCode::kNotFound;
      context.messages.error(is_missing ? cluster->unknown_topic(topics_[i]) : described[i].error());
      exit_code = ExitCode::kFailed;
    }
    if (found.empty()) return exit_code;
    const auto reports = TopicObserver(context, *cluster).observe(std::move(found));
    if (!reports) return fail(reports.error());
    bool is_first = true;
    for (const TopicReport& report : *reports) {
      if (format_.is_json(context)) {
        context.out.line(json::to_text(topic_report_json(report)));
      } else {
        if (!std::exchange(is_first, false)) context.out.line("");
        print(context, report);
      }
    }
    return exit_code;
  }

 private:
  static void print(Context& context, const TopicReport& report) {
    context.out.text(topic_summary(report));
    for (const TextRows& table : {partition_rows(report), config_rows(report), reader_rows(report)}) {
      if (table.rows.empty()) continue;
      context.out.line("");
      print_table(context, table.titles, table.rows);
    }
  }

  std::vector<std::string> topics_;
  ReportFormat format_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_topics_describe() { return std::make_unique<TopicsDescribeCommand>(); }

}  // namespace omashu::cli
