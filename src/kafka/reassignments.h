// Replicas that move between brokers.

#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "kafka/types.h"

namespace omashu::kafka {

// The brokers that shall have a partition, its preferred leader first. None: a move that is under way is given up.
struct ReplicaMove {
  TopicPartition partition;
  std::vector<int32_t> replicas;

  bool operator==(const ReplicaMove&) const = default;
};

// A move that is under way.
struct OngoingMove {
  std::vector<int32_t> replicas;  // before, during and after it
  std::vector<int32_t> adding;    // those of them that are still to get the records
  std::vector<int32_t> removing;  // those that will be taken away

  bool operator==(const OngoingMove&) const = default;
};

using OngoingMoves = std::map<TopicPartition, OngoingMove>;

}  // namespace omashu::kafka
