#include "service/group/group_view.h"

#include <algorithm>
#include <utility>

#include "service/group/member_name.h"

namespace omashu::service {

std::optional<std::string> GroupView::owner_of(const kafka::TopicPartition& partition) const {
  const auto found = owners_.find(partition);
  if (found == owners_.end() || members[found->second].url.empty()) return std::nullopt;
  return members[found->second].url;
}

std::set<std::string> GroupView::member_ids() const {
  std::set<std::string> ids;
  for (const Member& member : members) ids.insert(member.id);
  return ids;
}

GroupView make_group_view(const kafka::GroupDescription& group, PartitionCounts topics) {
  GroupView view;
  view.state = group.state;
  view.topics = std::move(topics);
  for (const kafka::GroupMember& member : group.members) {
    GroupView::Member& known = view.members.emplace_back();
    known.id = member.member_id;
    known.url = member_url(member.client_id).value_or("");
    if (group.state != "Stable") continue;
    for (const kafka::TopicPartition& partition : member.assignment) {
      const auto topic = view.topics.find(partition.topic);
      if (topic != view.topics.end() && partition.partition >= 0 && partition.partition < topic->second) {
        known.owned.insert(partition);
      }
    }
  }
  std::ranges::sort(view.members, {}, &GroupView::Member::id);
  for (size_t i = 0; i < view.members.size(); ++i) {
    for (const kafka::TopicPartition& partition : view.members[i].owned) view.owners_.emplace(partition, i);
  }
  return view;
}

}  // namespace omashu::service
