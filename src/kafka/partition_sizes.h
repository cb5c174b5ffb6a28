// How much space the partitions of topics take on the disks of their brokers.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kafka/admin.h"

namespace omashu::kafka {

struct PartitionSize {
  int64_t bytes = 0;           // of the leader's replica; of the largest where the leader has not told
  int64_t replicas_bytes = 0;  // of all replicas that were told of
};

struct PartitionSizes {
  std::map<TopicPartition, PartitionSize> partitions;  // those of which at least one broker has told
  std::optional<Error> unknown;                        // why a broker has not told of its replicas
};

// Asks every broker that has a replica, together.
PartitionSizes find_partition_sizes(Admin& admin, std::span<const TopicDescription> topics);

// The part of it that asks nobody: from each broker's answer.
PartitionSizes partition_sizes(std::span<const TopicDescription> topics, std::span<const int32_t> brokers,
                               std::span<const Result<std::vector<LogDir>>> answers);

// Of all partitions of the topic; nothing where one of them is not known.
std::optional<PartitionSize> topic_size(const TopicDescription& topic, const PartitionSizes& sizes);

}  // namespace omashu::kafka
