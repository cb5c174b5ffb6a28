// Who is in the group and owns what, as the group's coordinator told last. What it tells may be old by the time it is
// used: whoever is asked says itself whether it owns a partition.

#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kafka/group_admin.h"
#include "service/group/range_assignment.h"

namespace omashu::service {

struct GroupView {
  struct Member {
    std::string id;   // Kafka's
    std::string url;  // "" where it is none of ours
    HeldPartitions owned;
  };

  std::string state;            // in the coordinator's words; "" before it was asked
  std::vector<Member> members;  // by id
  PartitionCounts topics;

  // The URL of the member that a partition is assigned to; nothing where there is none, or it says none.
  std::optional<std::string> owner_of(const kafka::TopicPartition& partition) const;
  std::set<std::string> member_ids() const;

 private:
  friend GroupView make_group_view(const kafka::GroupDescription& group, PartitionCounts topics);
  std::map<kafka::TopicPartition, size_t> owners_;  // of members
};

// Nothing of an assignment is believed before the group is stable.
GroupView make_group_view(const kafka::GroupDescription& group, PartitionCounts topics);

}  // namespace omashu::service
