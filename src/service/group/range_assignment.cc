#include "service/group/range_assignment.h"

#include <algorithm>

namespace omashu::service {

std::map<std::string, HeldPartitions> range_assignment(const std::set<std::string>& members,
                                                       const PartitionCounts& topics) {
  std::map<std::string, HeldPartitions> assignment;
  if (members.empty()) return assignment;
  const int count = static_cast<int>(members.size());
  for (const auto& [topic, partitions] : topics) {
    const int each = partitions / count;
    int remainder = partitions % count;
    kafka::PartitionId next = 0;
    for (const std::string& member : members) {
      const int of_member = each + (remainder-- > 0 ? 1 : 0);
      for (int i = 0; i < of_member; ++i) assignment[member].insert({topic, next++});
    }
  }
  return assignment;
}

HeldPartitions standby_partitions(const std::set<std::string>& members, const std::string& member,
                                  const PartitionCounts& topics) {
  HeldPartitions standby;
  for (const std::string& gone : members) {
    if (gone == member) continue;
    std::set<std::string> left = members;
    left.erase(gone);
    standby.merge(range_assignment(left, topics)[member]);
  }
  const HeldPartitions own = range_assignment(members, topics)[member];
  std::erase_if(standby, [&](const kafka::TopicPartition& partition) { return own.contains(partition); });
  return standby;
}

}  // namespace omashu::service
