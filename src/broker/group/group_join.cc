// JoinGroup: who comes in, and whether that takes a rebalance.

#include "broker/group/group.h"
#include "broker/group/member_id.h"

namespace omashu::broker {

namespace {

JoinGroupAnswer refusal(KafkaError error, std::string_view member_id) {
  return {.error = error, .member_id = std::string(member_id)};
}

}  // namespace

// Whether the join needs a place that there is not. Who is in, or comes back as the same instance, needs none.
bool Group::is_full_for(const JoinGroup& join) const {
  if (join.member_id.empty()) {
    if (join.group_instance_id && members_.find_instance(*join.group_instance_id) != nullptr) return false;
    if (join.requires_member_id && members_.pending_size() >= config_.group_max_size) return true;
  } else if (members_.find(join.member_id) != nullptr) {
    return false;
  }
  return members_.size() >= config_.group_max_size;
}

KafkaError Group::check_join(const JoinGroup& join) const {
  if (is_full_for(join)) return KafkaError::kGroupMaxSizeReached;
  if (join.protocol_type.empty() || join.protocols.empty()) return KafkaError::kInconsistentGroupProtocol;
  if (state_ == GroupState::kEmpty) return KafkaError::kNone;
  const bool can_agree = join.protocol_type == protocol_type_ && members_.can_agree_on(join.protocols);
  return can_agree ? KafkaError::kNone : KafkaError::kInconsistentGroupProtocol;
}

void Group::join(RequestId request, const JoinGroup& join, int64_t now_ms, Outbox& out) {
  KafkaError error = check_join(join);
  if (error != KafkaError::kNone) {
    const bool forgets_id = error == KafkaError::kGroupMaxSizeReached;
    out.answer(request, refusal(error, forgets_id ? "" : join.member_id));
    // Nobody is to wait for an id that was refused.
    if (members_.remove_pending(join.member_id)) complete_join_if_all_joined(now_ms, out);
    return;
  }
  if (join.member_id.empty()) return join_as_new(request, join, now_ms, out);
  if (!join.group_instance_id && members_.remove_pending(join.member_id)) {
    return add_member(request, join, std::string(join.member_id), now_ms, out);
  }
  error = members_.check(join.member_id, join.group_instance_id);
  if (error != KafkaError::kNone) return out.answer(request, refusal(error, join.member_id));
  rejoin(request, join, *members_.find(join.member_id), now_ms, out);
}

void Group::join_as_new(RequestId request, const JoinGroup& join, int64_t now_ms, Outbox& out) {
  std::string member_id = make_member_id(join.group_instance_id.value_or(join.client_id), config_.random);
  if (!join.group_instance_id && join.requires_member_id) {
    out.answer(request, refusal(KafkaError::kMemberIdRequired, member_id));
    return members_.add_pending(std::move(member_id), now_ms + join.session_timeout_ms);
  }
  GroupMember* instance = join.group_instance_id ? members_.find_instance(*join.group_instance_id) : nullptr;
  if (instance == nullptr) return add_member(request, join, std::move(member_id), now_ms, out);
  if (instance->join) out.answer(*instance->join, refusal(KafkaError::kFencedInstanceId, instance->member_id));
  if (instance->sync) out.answer(*instance->sync, SyncGroupAnswer{.error = KafkaError::kFencedInstanceId});
  instance->join.reset();
  instance->sync.reset();
  const std::string leader_before = members_.leader();
  GroupMember& renamed = members_.rename(instance->member_id, std::move(member_id));
  rejoin_instance(request, join, renamed, leader_before, now_ms, out);
}

void Group::add_member(RequestId request, const JoinGroup& join, std::string member_id, int64_t now_ms, Outbox& out) {
  if (members_.is_empty()) protocol_type_ = join.protocol_type;
  GroupMember member;
  member.member_id = std::move(member_id);
  member.group_instance_id = join.group_instance_id;
  member.session_deadline_ms = now_ms + config_.new_member_join_timeout_ms;
  await_join(request, join, members_.add(std::move(member)), out);
  somebody_joined_in_delay_ = true;
  rebalance_or_complete(now_ms, out);
}

// A static member that restarted: in a stable group it takes its assignment up again, and nobody else notices.
void Group::rejoin_instance(RequestId request, const JoinGroup& join, GroupMember& member,
                            const std::string& leader_before, int64_t now_ms, Outbox& out) {
  await_join(request, join, member, out);
  if (state_ != GroupState::kStable || members_.choose_protocol() != *protocol_name_) {
    // While the leader computes assignments it knows the old id: only a new rebalance gets this member one.
    return rebalance_or_complete(now_ms, out);
  }
  JoinGroupAnswer answer = joined_answer(member);
  if (join.may_skip_assignment) {
    answer.skip_assignment = members_.is_leader(member);
  } else {
    // An older client that takes itself for the leader would compute assignments, for which nobody waits.
    answer.leader = leader_before;
    answer.members.clear();
  }
  out.append({record({})}, RejoinStored{group_id_, member.member_id, request, std::move(answer)});
}

void Group::stored(const RejoinStored& what, KafkaError error, int64_t now_ms, Outbox& out) {
  GroupMember* member = members_.find(what.member_id);
  if (member == nullptr || member->join != what.request) return;  // answered since
  if (state_ != GroupState::kStable) return;                      // it has joined the rebalance that began since
  member->join.reset();
  restart_session(*member, now_ms);
  out.answer(what.request, error == KafkaError::kNone ? what.answer : refusal(error, ""));
}

void Group::rejoin(RequestId request, const JoinGroup& join, GroupMember& member, int64_t now_ms, Outbox& out) {
  const bool is_unchanged = member.has_same_protocols(join.protocols);
  // The answer to its join may have been lost, or it only wants to know the generation. A leader that joins a stable
  // group wants a rebalance: the topics may have changed.
  const bool is_in =
      state_ == GroupState::kCompletingRebalance || (state_ == GroupState::kStable && !members_.is_leader(member));
  if (is_unchanged && is_in) return out.answer(request, joined_answer(member));
  await_join(request, join, member, out);
  rebalance_or_complete(now_ms, out);
}

void Group::await_join(RequestId request, const JoinGroup& join, GroupMember& member, Outbox& out) {
  // The client has asked again, most likely on a new connection.
  if (member.join) out.answer(*member.join, refusal(KafkaError::kRebalanceInProgress, member.member_id));
  member.join = request;
  member.client_id = join.client_id;
  member.client_host = join.client_host;
  member.session_timeout_ms = join.session_timeout_ms;
  member.rebalance_timeout_ms = join.rebalance_timeout_ms;
  member.protocols.clear();
  for (const JoinGroup::Protocol& each : join.protocols) {
    member.protocols.push_back({std::string(each.name), std::string(each.metadata)});
  }
}

void Group::rebalance_or_complete(int64_t now_ms, Outbox& out) {
  if (state_ == GroupState::kPreparingRebalance) return complete_join_if_all_joined(now_ms, out);
  start_rebalance(now_ms, out);
}

JoinGroupAnswer Group::joined_answer(const GroupMember& member) const {
  JoinGroupAnswer answer;
  answer.generation_id = generation_id_;
  answer.protocol_type = protocol_type_;
  answer.protocol_name = protocol_name_;
  answer.leader = members_.leader();
  answer.member_id = member.member_id;
  if (!members_.is_leader(member)) return answer;
  for (const auto& [id, each] : members_.all()) {
    answer.members.push_back({id, each.group_instance_id, std::string(each.metadata_for(*protocol_name_))});
  }
  return answer;
}

}  // namespace omashu::broker
