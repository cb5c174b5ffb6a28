#include "broker/group/group.h"

#include <algorithm>

#include "broker/group/consumer_subscription.h"
#include "broker/group/coordinator_records.h"

namespace omashu::broker {

std::string_view state_name(GroupState state) {
  switch (state) {
    case GroupState::kEmpty: return "Empty";
    case GroupState::kPreparingRebalance: return "PreparingRebalance";
    case GroupState::kCompletingRebalance: return "CompletingRebalance";
    case GroupState::kStable: return "Stable";
  }
  return "";
}

Group::Group(std::string group_id, const GroupConfig& config, int64_t now_ms)
    : group_id_(std::move(group_id)), config_(config), state_since_ms_(now_ms) {}

Group::Group(std::string group_id, const GroupConfig& config, const GroupMetadataValue& value)
    : group_id_(std::move(group_id)),
      config_(config),
      state_(value.members.empty() ? GroupState::kEmpty : GroupState::kStable),
      generation_id_(value.generation),
      protocol_type_(value.protocol_type),
      protocol_name_(value.protocol) {
  if (value.current_state_timestamp_ms != -1) state_since_ms_ = value.current_state_timestamp_ms;
  for (const GroupMetadataValue::Member& each : value.members) {
    GroupMember member;
    member.member_id = each.member_id;
    member.group_instance_id = each.group_instance_id;
    member.client_id = each.client_id;
    member.client_host = each.client_host;
    member.session_timeout_ms = each.session_timeout_ms;
    member.rebalance_timeout_ms = each.rebalance_timeout_ms == -1 ? each.session_timeout_ms : each.rebalance_timeout_ms;
    member.protocols = {{std::string(*value.protocol), std::string(each.subscription.data)}};
    member.assignment = each.assignment.data;
    member.is_new = false;
    members_.add(std::move(member));
  }
  if (value.leader && members_.find(*value.leader) != nullptr) members_.set_leader(*value.leader);
}

void Group::restart_session(GroupMember& member, int64_t now_ms) const {
  member.session_deadline_ms = now_ms + member.session_timeout_ms;
}

void Group::restart_sessions(int64_t now_ms) {
  for (auto& [id, member] : members_.all()) restart_session(member, now_ms);
}

KafkaError Group::heartbeat(const Heartbeat& heartbeat, int64_t now_ms) {
  const KafkaError error = members_.check(heartbeat.member_id, heartbeat.group_instance_id);
  if (error != KafkaError::kNone) return error;
  if (heartbeat.generation_id != generation_id_) return KafkaError::kIllegalGeneration;
  restart_session(*members_.find(heartbeat.member_id), now_ms);
  return state_ == GroupState::kPreparingRebalance ? KafkaError::kRebalanceInProgress : KafkaError::kNone;
}

KafkaError Group::check_commit(const CommitOffsets& commit, int64_t now_ms) {
  if (commit.generation_id < 0 && state_ == GroupState::kEmpty) return KafkaError::kNone;
  const bool names_member = commit.generation_id >= 0 || !commit.member_id.empty() || commit.group_instance_id;
  if (!names_member) return KafkaError::kUnknownMemberId;
  const KafkaError error = members_.check(commit.member_id, commit.group_instance_id);
  if (error != KafkaError::kNone) return error;
  if (commit.generation_id != generation_id_) return KafkaError::kIllegalGeneration;
  // Before its assignment a member of this generation has read nothing. While a rebalance is being prepared, members
  // still commit what they are about to give away.
  if (state_ == GroupState::kCompletingRebalance) return KafkaError::kRebalanceInProgress;
  restart_session(*members_.find(commit.member_id), now_ms);
  return KafkaError::kNone;
}

std::vector<KafkaError> Group::leave(const LeaveGroup& leave, int64_t now_ms, Outbox& out) {
  const size_t size_before = members_.size();
  std::vector<KafkaError> errors;
  for (const LeaveGroup::Member& each : leave.members) errors.push_back(leave_one(each, out));
  if (members_.size() < size_before) {
    rebalance_or_complete(now_ms, out);
  } else {
    complete_join_if_all_joined(now_ms, out);  // a pending id that it waited for may be gone
  }
  return errors;
}

KafkaError Group::leave_one(const LeaveGroup::Member& leaving, Outbox& out) {
  GroupMember* member = nullptr;
  if (leaving.member_id.empty()) {  // an instance is removed by its name
    if (leaving.group_instance_id) member = members_.find_instance(*leaving.group_instance_id);
    if (member == nullptr) return KafkaError::kUnknownMemberId;
  } else {
    if (members_.remove_pending(leaving.member_id)) return KafkaError::kNone;
    const KafkaError error = members_.check(leaving.member_id, leaving.group_instance_id);
    if (error != KafkaError::kNone) return error;
    member = members_.find(leaving.member_id);
  }
  remove_member(*member, out);
  return KafkaError::kNone;
}

bool Group::is_subscribed_to(std::string_view topic) const {
  if (protocol_type_ != kConsumerProtocolType || members_.is_empty()) return false;
  if (!protocol_name_) return true;
  return std::ranges::any_of(members_.all(), [&](const auto& entry) {
    const auto topics = subscribed_topics(entry.second.metadata_for(*protocol_name_));
    return !topics || std::ranges::find(*topics, topic) != topics->end();
  });
}

GroupDescription Group::describe() const {
  const bool is_stable = state_ == GroupState::kStable;
  GroupDescription description{.state = state_name(state_),
                               .protocol_type = protocol_type_,
                               .protocol_name = is_stable ? *protocol_name_ : "",
                               .members = {}};
  for (const auto& [id, member] : members_.all()) {
    description.members.push_back(
        {.member_id = id,
         .group_instance_id = member.group_instance_id,
         .client_id = member.client_id,
         .client_host = member.client_host,
         .metadata = is_stable ? std::string(member.metadata_for(*protocol_name_)) : std::string(),
         .assignment = member.assignment});
  }
  return description;
}

CoordinatorRecord Group::record(const Assignments& new_assignments) const {
  GroupMetadataValue value;
  value.protocol_type = protocol_type_;
  value.generation = generation_id_;
  value.protocol = protocol_name_;
  if (!members_.is_empty()) value.leader = members_.leader();
  value.current_state_timestamp_ms = state_since_ms_.value_or(-1);
  for (const auto& [id, member] : members_.all()) {
    const auto assignment = new_assignments.find(id);
    GroupMetadataValue::Member& each = value.members.emplace_back();
    each.member_id = id;
    each.group_instance_id = member.group_instance_id;
    each.client_id = member.client_id;
    each.client_host = member.client_host;
    each.rebalance_timeout_ms = member.rebalance_timeout_ms;
    each.session_timeout_ms = member.session_timeout_ms;
    each.subscription.data = member.metadata_for(*protocol_name_);
    each.assignment.data = assignment != new_assignments.end() ? assignment->second : member.assignment;
  }
  return group_metadata_record(group_id_, value);
}

}  // namespace omashu::broker
