#include "broker/group/membership.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace omashu::broker {

const GroupMember* Membership::find(std::string_view member_id) const {
  const auto it = members_.find(member_id);
  return it != members_.end() ? &it->second : nullptr;
}

GroupMember* Membership::find(std::string_view member_id) {
  return const_cast<GroupMember*>(std::as_const(*this).find(member_id));
}

const GroupMember* Membership::find_instance(std::string_view group_instance_id) const {
  const auto it = member_of_instance_.find(group_instance_id);
  return it != member_of_instance_.end() ? find(it->second) : nullptr;
}

GroupMember* Membership::find_instance(std::string_view group_instance_id) {
  return const_cast<GroupMember*>(std::as_const(*this).find_instance(group_instance_id));
}

KafkaError Membership::check(std::string_view member_id,
                             const std::optional<std::string_view>& group_instance_id) const {
  if (group_instance_id) {
    const GroupMember* instance = find_instance(*group_instance_id);
    if (instance == nullptr) return KafkaError::kUnknownMemberId;
    if (instance->member_id != member_id) return KafkaError::kFencedInstanceId;
  }
  return find(member_id) != nullptr ? KafkaError::kNone : KafkaError::kUnknownMemberId;
}

GroupMember& Membership::add(GroupMember member) {
  assert(!is_pending(member.member_id));
  if (members_.empty()) leader_ = member.member_id;
  if (member.group_instance_id) {
    [[maybe_unused]] const bool is_new =
        member_of_instance_.emplace(*member.group_instance_id, member.member_id).second;
    assert(is_new);
  }
  const auto [it, is_new] = members_.emplace(member.member_id, std::move(member));
  assert(is_new);
  return it->second;
}

void Membership::remove(std::string_view member_id) {
  const auto it = members_.find(member_id);
  assert(it != members_.end());
  if (it->second.group_instance_id) member_of_instance_.erase(*it->second.group_instance_id);
  const bool was_leader = is_leader(it->second);
  members_.erase(it);
  if (was_leader) leader_ = members_.empty() ? std::string() : members_.begin()->first;
}

GroupMember& Membership::rename(std::string_view old_member_id, std::string new_member_id) {
  auto node = members_.extract(members_.find(old_member_id));
  assert(!node.empty());
  GroupMember& member = node.mapped();
  if (is_leader(member)) leader_ = new_member_id;
  if (member.group_instance_id) member_of_instance_[*member.group_instance_id] = new_member_id;
  member.member_id = new_member_id;
  node.key() = std::move(new_member_id);
  return members_.insert(std::move(node)).position->second;
}

void Membership::set_leader(std::string_view member_id) {
  assert(find(member_id) != nullptr);
  leader_ = member_id;
}

bool Membership::elect_joined_leader() {
  if (members_.empty()) return false;
  if (find(leader_)->join) return true;
  const auto joined = std::ranges::find_if(members_, [](const auto& entry) { return entry.second.join.has_value(); });
  if (joined == members_.end()) return false;
  leader_ = joined->first;
  return true;
}

bool Membership::have_all_joined() const {
  return pending_.empty() &&
         std::ranges::all_of(members_, [](const auto& entry) { return entry.second.join.has_value(); });
}

int32_t Membership::rebalance_timeout_ms() const {
  int32_t longest_ms = 0;
  for (const auto& [id, member] : members_) longest_ms = std::max(longest_ms, member.rebalance_timeout_ms);
  return longest_ms;
}

bool Membership::all_support(std::string_view protocol) const {
  return std::ranges::all_of(members_, [&](const auto& entry) { return entry.second.supports(protocol); });
}

bool Membership::can_agree_on(std::span<const JoinGroup::Protocol> protocols) const {
  return std::ranges::any_of(protocols, [&](const JoinGroup::Protocol& each) { return all_support(each.name); });
}

std::string Membership::choose_protocol() const {
  assert(!members_.empty());
  std::vector<std::pair<std::string_view, size_t>> votes;  // for what all support, as the first member prefers it
  for (const GroupMember::Protocol& each : members_.begin()->second.protocols) {
    if (all_support(each.name)) votes.emplace_back(each.name, 0);
  }
  assert(!votes.empty());
  for (const auto& [id, member] : members_) {
    for (const GroupMember::Protocol& each : member.protocols) {
      const auto vote =
          std::ranges::find(votes, std::string_view(each.name), &std::pair<std::string_view, size_t>::first);
      if (vote == votes.end()) continue;
      ++vote->second;
      break;
    }
  }
  return std::string(std::ranges::max_element(votes, {}, &std::pair<std::string_view, size_t>::second)->first);
}

void Membership::add_pending(std::string member_id, int64_t deadline_ms) {
  assert(find(member_id) == nullptr);
  pending_.emplace(std::move(member_id), deadline_ms);
}

bool Membership::remove_pending(std::string_view member_id) {
  const auto it = pending_.find(member_id);
  if (it == pending_.end()) return false;
  pending_.erase(it);
  return true;
}

bool Membership::expire_pending(int64_t now_ms) {
  return std::erase_if(pending_, [&](const auto& entry) { return entry.second <= now_ms; }) > 0;
}

int64_t Membership::next_deadline_ms() const {
  int64_t next_ms = INT64_MAX;
  for (const auto& [id, deadline_ms] : pending_) next_ms = std::min(next_ms, deadline_ms);
  for (const auto& [id, member] : members_) {
    if (member.can_expire()) next_ms = std::min(next_ms, member.session_deadline_ms);
  }
  return next_ms;
}

}  // namespace omashu::broker
