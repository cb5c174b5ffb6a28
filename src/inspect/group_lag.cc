#include "inspect/group_lag.h"

#include <algorithm>
#include <set>

namespace omashu::inspect {

std::vector<kafka::TopicPartition> partitions_of_group(const kafka::GroupDescription& group,
                                                       const CommittedOffsets& committed) {
  std::set<kafka::TopicPartition> partitions;
  for (const auto& [partition, offset] : committed) partitions.insert(partition);
  for (const kafka::GroupMember& member : group.members) {
    partitions.insert(member.assignment.begin(), member.assignment.end());
  }
  return {partitions.begin(), partitions.end()};
}

std::vector<PartitionLag> partition_lags(const kafka::GroupDescription& group, const CommittedOffsets& committed,
                                         const EndOffsets& ends) {
  std::map<kafka::TopicPartition, const kafka::GroupMember*> owners;
  for (const kafka::GroupMember& member : group.members) {
    for (const kafka::TopicPartition& partition : member.assignment) owners[partition] = &member;
  }
  std::vector<PartitionLag> lags;
  for (const kafka::TopicPartition& partition : partitions_of_group(group, committed)) {
    PartitionLag& lag = lags.emplace_back();
    lag.partition = partition;
    if (const auto found = committed.find(partition); found != committed.end()) lag.committed = found->second;
    if (const auto found = ends.find(partition); found != ends.end()) lag.end = found->second;
    if (lag.committed && lag.end) lag.lag = std::max<int64_t>(0, *lag.end - *lag.committed);
    if (const auto owner = owners.find(partition); owner != owners.end()) {
      lag.member_id = owner->second->member_id;
      lag.client_id = owner->second->client_id;
      lag.host = owner->second->host;
    }
  }
  return lags;
}

int64_t total_lag(std::span<const PartitionLag> lags) {
  int64_t total = 0;
  for (const PartitionLag& lag : lags) total += lag.lag.value_or(0);
  return total;
}

}  // namespace omashu::inspect
