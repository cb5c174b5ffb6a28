// The partition that a request names, and what to say where the topic is not there.

#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string_view>

#include "base/partition_id.h"
#include "broker/protocol/refusal.h"
#include "broker/topic/topic_store.h"

namespace omashu::broker {

// nullptr where the topic is, or where it has no such partition. Owned by the topic.
inline Partition* find_partition(const Topic* topic, PartitionId index) {
  const bool is_there =
      topic != nullptr && index >= PartitionId{0} && static_cast<size_t>(index) < topic->partitions.size();
  return is_there ? topic->partitions[static_cast<size_t>(index)].get() : nullptr;
}

inline Refusal unknown_topic(std::string_view name) {
  return {KafkaError::kUnknownTopicOrPartition, fmt::format("The topic '{}' does not exist.", name)};
}

}  // namespace omashu::broker
