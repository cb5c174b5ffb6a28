#include "kafka/partition_sizes.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace omashu::kafka {

PartitionSizes find_partition_sizes(Admin& admin, std::span<const TopicDescription> topics) {
  std::set<int32_t> found;
  std::vector<TopicPartition> partitions;
  for (const TopicDescription& topic : topics) {
    for (const PartitionDescription& partition : topic.partition_descriptions) {
      found.insert(partition.replicas.begin(), partition.replicas.end());
      partitions.push_back({topic.name, partition.id});
    }
  }
  if (partitions.empty()) return {};
  const std::vector<int32_t> brokers(found.begin(), found.end());
  return partition_sizes(topics, brokers, admin.describe_log_dirs(brokers, partitions));
}

PartitionSizes partition_sizes(std::span<const TopicDescription> topics, std::span<const int32_t> brokers,
                               std::span<const Result<std::vector<LogDir>>> answers) {
  std::map<TopicPartition, int32_t> leaders;
  for (const TopicDescription& topic : topics) {
    for (const PartitionDescription& partition : topic.partition_descriptions) {
      leaders[{topic.name, partition.id}] = partition.leader.value_or(-1);
    }
  }
  PartitionSizes sizes;
  std::set<TopicPartition> told_by_leader;
  for (size_t i = 0; i < brokers.size(); ++i) {
    if (!answers[i]) {
      Error error = answers[i].error();
      if (!sizes.unknown) sizes.unknown = std::move(error).within(fmt::format("broker {}", brokers[i]));
      continue;
    }
    for (const LogDir& dir : *answers[i]) {
      for (const auto& [partition, bytes] : dir.replica_bytes) {
        const auto leader = leaders.find(partition);
        if (leader == leaders.end()) continue;
        PartitionSize& size = sizes.partitions[partition];
        size.replicas_bytes += bytes;
        if (leader->second == brokers[i]) {
          size.bytes = bytes;
          told_by_leader.insert(partition);
        } else if (!told_by_leader.contains(partition)) {
          size.bytes = std::max(size.bytes, bytes);
        }
      }
    }
  }
  return sizes;
}

std::optional<PartitionSize> topic_size(const TopicDescription& topic, const PartitionSizes& sizes) {
  PartitionSize total;
  for (const PartitionDescription& partition : topic.partition_descriptions) {
    const auto found = sizes.partitions.find({topic.name, partition.id});
    if (found == sizes.partitions.end()) return std::nullopt;
    total.bytes += found->second.bytes;
    total.replicas_bytes += found->second.replicas_bytes;
  }
  return total;
}

}  // namespace omashu::kafka
