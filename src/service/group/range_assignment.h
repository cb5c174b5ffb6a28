// What Kafka's range assignor gives each member of a group: of every topic the members, in the order of their ids, get
// ranges of partitions one after the other, the first ones of a remainder one more.
//
// The group's leader computes the assignment (librdkafka does). It is computed here again to know what would be a
// member's if another one were gone, so that its copy of those partitions is warm by then. Pure.

#pragma once

#include <map>
#include <set>
#include <string>

#include "kafka/types.h"

namespace omashu::service {

using PartitionCounts = std::map<std::string, int>;  // by topic
using HeldPartitions = std::set<kafka::TopicPartition>;

std::map<std::string, HeldPartitions> range_assignment(const std::set<std::string>& members,
                                                       const PartitionCounts& topics);

// What would be the member's if any one of the others were gone, without what is its own now. Each partition has one
// standby at least where there are two members or more.
HeldPartitions standby_partitions(const std::set<std::string>& members, const std::string& member,
                                  const PartitionCounts& topics);

}  // namespace omashu::service
