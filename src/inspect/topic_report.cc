#include "inspect/topic_report.h"

#include <fmt/core.h>

#include <algorithm>

#include "kafka/newest_records.h"

namespace omashu::inspect {

namespace {

using kafka::TopicPartition;
using Timestamps = std::map<TopicPartition, int64_t>;

class TopicObserver {
 public:
  TopicObserver(const TopicSources& sources, TopicReports& found) : sources_(sources), found_(found) {}

  void observe() {
    add_configs();
    add_sizes();
    add_offsets();
    if (auto done = add_readers(); !done) warn("the groups that read are not known", done.error());
  }

 private:
  void warn(std::string_view what, const Error& error) {
    found_.warnings.push_back(fmt::format("{}: {}", what, error.message));
  }

  void add_configs() {
    std::vector<std::string> names;
    for (const TopicReport& report : found_.reports) names.push_back(report.description.name);
    const auto configs = sources_.admin.describe_configs(names);
    for (size_t i = 0; i < names.size(); ++i) {
      if (configs[i]) {
        found_.reports[i].configs = *configs[i];
      } else {
        warn("the settings are not known", configs[i].error());
      }
    }
  }

  void add_sizes() {
    std::vector<kafka::TopicDescription> topics;
    for (const TopicReport& report : found_.reports) topics.push_back(report.description);
    const auto sizes = kafka::find_partition_sizes(sources_.admin, topics);
    if (sizes.unknown) warn("the sizes are not all known", *sizes.unknown);
    for (TopicReport& report : found_.reports) {
      for (const kafka::PartitionDescription& partition : report.description.partition_descriptions) {
        const auto size = sizes.partitions.find({report.description.name, partition.id});
        if (size != sizes.partitions.end()) report.sizes[partition.id] = size->second;
      }
    }
  }

  // The same question for every partition that has a leader; one without would be waited for until the timeout.
  Timestamps for_all_partitions(int64_t timestamp) const {
    Timestamps timestamps;
    for (const TopicReport& report : found_.reports) {
      for (const kafka::PartitionDescription& partition : report.description.partition_descriptions) {
        if (partition.leader) timestamps[{report.description.name, partition.id}] = timestamp;
      }
    }
    return timestamps;
  }

  void add_offsets() {
    const auto begins = sources_.groups.list_offsets(for_all_partitions(kafka::kEarliestTimestamp));
    const auto ends = sources_.groups.list_offsets(for_all_partitions(kafka::kLatestTimestamp));
    const auto newest = sources_.groups.list_offsets(for_all_partitions(kafka::kMaxTimestamp));
    std::map<TopicPartition, kafka::OffsetRange> untold;
    for (TopicReport& report : found_.reports) {
      for (const kafka::PartitionDescription& partition : report.description.partition_descriptions) {
        const TopicPartition place{report.description.name, partition.id};
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
  void read_newest(const std::map<TopicPartition, kafka::OffsetRange>& partitions) {
    if (partitions.empty()) return;
    const std::string_view unknown = "the newest record is not known";
    auto consumer = sources_.open_consumer();
    if (!consumer) return warn(unknown, consumer.error());
    const auto records = kafka::read_newest_records(**consumer, partitions, sources_.timeout);
    if (!records) return warn(unknown, records.error());
    for (TopicReport& report : found_.reports) {
      for (const auto& [place, record] : *records) {
        if (place.topic == report.description.name) note_newest(report, place.partition, record);
      }
    }
  }

  // A group reads a topic where it has committed an offset for it, or where a member has a partition of it.
  Result<void> add_readers() {
    kafka::GroupAdmin& admin = sources_.groups;
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
    for (TopicReport& report : found_.reports) {
      TopicReport::Reader reader{.group = group.id, .state = group.state, .members = 0, .lag = 0, .lags = {}};
      const auto is_of_topic = [&](const auto& partition) { return partition.topic == report.description.name; };
      reader.members = static_cast<size_t>(std::ranges::count_if(group.members, [&](const kafka::GroupMember& member) {
        return std::ranges::any_of(member.assignment, is_of_topic);
      }));
      std::ranges::copy_if(lags, std::back_inserter(reader.lags), is_of_topic, &PartitionLag::partition);
      reader.lag = total_lag(reader.lags);
      if (!reader.lags.empty()) report.readers.push_back(std::move(reader));
    }
  }

  const TopicSources& sources_;
  TopicReports& found_;
  EndOffsets ends_;
};

}  // namespace

TopicReports observe_topics(const TopicSources& sources, std::vector<kafka::TopicDescription> topics) {
  TopicReports found;
  for (kafka::TopicDescription& topic : topics) found.reports.emplace_back().description = std::move(topic);
  TopicObserver(sources, found).observe();
  return found;
}

std::optional<kafka::PartitionSize> total_size(const TopicReport& report) {
  if (report.sizes.size() < report.description.partition_descriptions.size()) return std::nullopt;
  kafka::PartitionSize total;
  for (const auto& [partition, size] : report.sizes) {
    total.bytes += size.bytes;
    total.replicas_bytes += size.replicas_bytes;
  }
  return total;
}

int64_t offset_count(const TopicReport& report) {
  int64_t count = 0;
  for (const auto& [partition, one] : report.offsets) count += one.end.value_or(0) - one.begin.value_or(0);
  return count;
}

}  // namespace omashu::inspect
