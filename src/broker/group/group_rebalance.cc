// The rebalance: waiting for the members, forming a generation of those who came, and giving up on those who did not.

#include <algorithm>

#include "broker/group/group.h"

namespace omashu::broker {

namespace {

// Between two looks at static members who are all away, whatever rebalance timeout they asked for.
constexpr int32_t kShortestPauseMs = 1'000;

}  // namespace

void Group::enter(GroupState state, int64_t now_ms) {
  state_ = state;
  state_since_ms_ = now_ms;
}

void Group::start_rebalance(int64_t now_ms, Outbox& out) {
  if (state_ == GroupState::kCompletingRebalance) refuse_syncs(KafkaError::kRebalanceInProgress, now_ms, out);
  storing_.reset();
  sync_deadline_ms_.reset();
  const bool is_first = state_ == GroupState::kEmpty;
  enter(GroupState::kPreparingRebalance, now_ms);
  join_deadline_ms_ = now_ms + members_.rebalance_timeout_ms();
  if (is_first && config_.group_initial_rebalance_delay_ms > 0) {
    const int32_t delay_ms = config_.group_initial_rebalance_delay_ms;
    delay_left_ms_ = std::max(members_.rebalance_timeout_ms() - delay_ms, 0);
    join_deadline_ms_ = now_ms + delay_ms;
    somebody_joined_in_delay_ = false;
    return;
  }
  complete_join_if_all_joined(now_ms, out);
}

void Group::complete_join_if_all_joined(int64_t now_ms, Outbox& out) {
  if (state_ != GroupState::kPreparingRebalance || delay_left_ms_) return;
  if (members_.have_all_joined()) complete_join(now_ms, out);
}

// The delay of a first rebalance grows with each newcomer, up to the rebalance timeout.
void Group::end_join_delay(int64_t now_ms, Outbox& out) {
  if (!somebody_joined_in_delay_ || *delay_left_ms_ == 0) return complete_join(now_ms, out);
  const int64_t more_ms = std::min<int64_t>(config_.group_initial_rebalance_delay_ms, *delay_left_ms_);
  *delay_left_ms_ -= more_ms;
  join_deadline_ms_ = now_ms + more_ms;
  somebody_joined_in_delay_ = false;
}

void Group::complete_join(int64_t now_ms, Outbox& out) {
  join_deadline_ms_.reset();
  delay_left_ms_.reset();
  std::vector<std::string> missing;  // static members may be away for as long as their session lasts
  for (const auto& [id, member] : members_.all()) {
    if (!member.join && !member.group_instance_id) missing.push_back(id);
  }
  for (const std::string& id : missing) members_.remove(id);
  if (!members_.is_empty() && !members_.elect_joined_leader()) {
    join_deadline_ms_ = now_ms + std::max(members_.rebalance_timeout_ms(), kShortestPauseMs);
    return;
  }
  generation_id_ = generation_id_ % INT32_MAX + 1;
  if (members_.is_empty()) {
    protocol_name_.reset();
    enter(GroupState::kEmpty, now_ms);
    out.append({record({})}, NothingFollows{});
    return;
  }
  protocol_name_ = members_.choose_protocol();
  enter(GroupState::kCompletingRebalance, now_ms);
  sync_deadline_ms_ = now_ms + members_.rebalance_timeout_ms();
  for (auto& [id, member] : members_.all()) {
    if (member.join) out.answer(*member.join, joined_answer(member));
    member.join.reset();
    member.is_new = false;
    member.owes_sync = true;
    restart_session(member, now_ms);
  }
}

// Who waits is told that it is no member: a client that still lives joins anew.
void Group::remove_member(GroupMember& member, Outbox& out) {
  if (member.join) out.answer(*member.join, JoinGroupAnswer{.error = KafkaError::kUnknownMemberId});
  if (member.sync) out.answer(*member.sync, SyncGroupAnswer{.error = KafkaError::kUnknownMemberId});
  members_.remove(member.member_id);
}

void Group::tick(int64_t now_ms, Outbox& out) {
  expire_members(now_ms, out);
  if (sync_deadline_ms_ && *sync_deadline_ms_ <= now_ms) expire_syncs(now_ms, out);
  if (!join_deadline_ms_ || *join_deadline_ms_ > now_ms) return;
  if (delay_left_ms_) return end_join_delay(now_ms, out);
  complete_join(now_ms, out);
}

void Group::expire_members(int64_t now_ms, Outbox& out) {
  std::vector<GroupMember*> expired;
  for (auto& [id, member] : members_.all()) {
    if (member.can_expire() && member.session_deadline_ms <= now_ms) expired.push_back(&member);
  }
  for (GroupMember* member : expired) remove_member(*member, out);
  const bool pending_expired = members_.expire_pending(now_ms);
  if (!expired.empty()) {
    rebalance_or_complete(now_ms, out);
  } else if (pending_expired) {
    complete_join_if_all_joined(now_ms, out);
  }
}

// Without its SyncGroup a member has no assignment, and without the leader's nobody has.
void Group::expire_syncs(int64_t now_ms, Outbox& out) {
  sync_deadline_ms_.reset();
  std::vector<GroupMember*> overdue;
  for (auto& [id, member] : members_.all()) {
    if (member.owes_sync) overdue.push_back(&member);
  }
  for (GroupMember* member : overdue) remove_member(*member, out);
  if (!overdue.empty()) start_rebalance(now_ms, out);
}

int64_t Group::next_deadline_ms() const {
  return std::min(
      {members_.next_deadline_ms(), join_deadline_ms_.value_or(INT64_MAX), sync_deadline_ms_.value_or(INT64_MAX)});
}

}  // namespace omashu::broker
