#include "inspect/topic_list.h"

#include <algorithm>

#include "base/topic_configs.h"

namespace omashu::inspect {

namespace {

// Of partitions that have a leader: one without would be waited for until the timeout.
std::map<kafka::TopicPartition, int64_t> for_all_partitions(const std::vector<TopicSummary>& topics,
                                                            int64_t timestamp) {
  std::map<kafka::TopicPartition, int64_t> timestamps;
  for (const TopicSummary& topic : topics) {
    for (const kafka::PartitionDescription& partition : topic.description.partition_descriptions) {
      if (partition.leader) timestamps[{topic.description.name, partition.id}] = timestamp;
    }
  }
  return timestamps;
}

void add_offsets(kafka::GroupAdmin& groups, std::vector<TopicSummary>& topics) {
  const auto begins = groups.list_offsets(for_all_partitions(topics, kafka::kEarliestTimestamp));
  const auto ends = groups.list_offsets(for_all_partitions(topics, kafka::kLatestTimestamp));
  for (TopicSummary& topic : topics) {
    int64_t offsets = 0;
    const bool is_known = std::ranges::all_of(
        topic.description.partition_descriptions, [&](const kafka::PartitionDescription& partition) {
          const auto begin = begins.find({topic.description.name, partition.id});
          const auto end = ends.find({topic.description.name, partition.id});
          if (begin == begins.end() || end == ends.end() || !begin->second || !end->second) return false;
          offsets += end->second->offset - begin->second->offset;
          return true;
        });
    if (is_known) topic.offsets = offsets;
  }
}

}  // namespace

TopicSummaries observe_topic_list(kafka::Admin& admin, kafka::GroupAdmin* groups,
                                  std::vector<kafka::TopicDescription> topics) {
  std::ranges::sort(topics, {}, &kafka::TopicDescription::name);
  std::vector<std::string> names;
  for (const kafka::TopicDescription& topic : topics) names.push_back(topic.name);
  const std::vector<std::string> settings = {std::string(kCleanupPolicy), "retention.ms"};
  const auto configs = admin.describe_configs(names, settings);
  const auto sizes = kafka::find_partition_sizes(admin, topics);
  TopicSummaries found;
  if (sizes.unknown) found.warnings.push_back("the sizes are not all known: " + sizes.unknown->message);
  for (size_t i = 0; i < topics.size(); ++i) {
    const auto size = kafka::topic_size(topics[i], sizes);
    // One that was deleted meanwhile, or whose settings this user may not see, is listed without them.
    found.topics.push_back({.description = std::move(topics[i]),
                            .configs = configs[i].value_or(kafka::TopicConfigs()),
                            .size = size,
                            .offsets = std::nullopt});
  }
  if (groups != nullptr) add_offsets(*groups, found.topics);
  return found;
}

}  // namespace omashu::inspect
