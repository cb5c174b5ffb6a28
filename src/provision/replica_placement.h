// Which brokers get the replicas of a topic whose replication factor changes.

#pragma once

#include <span>
#include <vector>

#include "kafka/admin.h"

namespace omashu::provision {

// The moves by which each partition gets so many replicas; none for a partition that has them. What a partition has
// stays where it is, the preferred leader first. New replicas go to racks that the partition is not in yet, and there
// to the brokers that have the fewest replicas of the topic; those that are too many are taken from the end. `factor`
// is at most the number of brokers.
std::vector<kafka::ReplicaMove> place_replicas(const kafka::TopicDescription& topic,
                                               std::span<const kafka::Broker> brokers, int factor);

}  // namespace omashu::provision
