// How far a group is behind: from what it has committed, its members' partitions, and where partitions end.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kafka/group_admin.h"

namespace omashu::inspect {

struct PartitionLag {
  kafka::TopicPartition partition;
  std::optional<kafka::Offset> committed;  // absent: nothing was committed for it
  std::optional<kafka::Offset> end;        // absent: it could not be had (the topic is gone, or has no leader)
  std::optional<int64_t> lag;              // absent where either is
  std::string member_id, client_id, host;  // of the member that has it; empty where none has
};

using CommittedOffsets = std::map<kafka::TopicPartition, kafka::Offset>;
using EndOffsets = std::map<kafka::TopicPartition, kafka::Offset>;

// The partitions that the group has committed for or that a member has, in their order.
std::vector<kafka::TopicPartition> partitions_of_group(const kafka::GroupDescription& group,
                                                       const CommittedOffsets& committed);

// One for each of these partitions. Where more was committed than the partition has (the topic was made anew), the lag
// is 0.
std::vector<PartitionLag> partition_lags(const kafka::GroupDescription& group, const CommittedOffsets& committed,
                                         const EndOffsets& ends);

// The sum of those that are known.
int64_t total_lag(std::span<const PartitionLag> lags);

}  // namespace omashu::inspect
