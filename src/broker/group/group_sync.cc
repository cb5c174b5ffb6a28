// SyncGroup: the leader brings the assignments, the log keeps them, and everybody gets their own.

#include "broker/group/group.h"

namespace omashu::broker {

KafkaError Group::check_sync(const SyncGroup& sync) const {
  const KafkaError error = members_.check(sync.member_id, sync.group_instance_id);
  if (error != KafkaError::kNone) return error;
  if (sync.generation_id != generation_id_) return KafkaError::kIllegalGeneration;
  const bool contradicts = (sync.protocol_type && *sync.protocol_type != protocol_type_) ||
                           (sync.protocol_name && protocol_name_ && *sync.protocol_name != *protocol_name_);
  if (contradicts) return KafkaError::kInconsistentGroupProtocol;
  return state_ == GroupState::kPreparingRebalance ? KafkaError::kRebalanceInProgress : KafkaError::kNone;
}

void Group::sync(RequestId request, const SyncGroup& sync, Outbox& out) {
  const KafkaError error = check_sync(sync);
  if (error != KafkaError::kNone) return out.answer(request, SyncGroupAnswer{.error = error});
  GroupMember& member = *members_.find(sync.member_id);
  member.owes_sync = false;
  if (state_ == GroupState::kStable) return out.answer(request, assigned_answer(member));
  // The client has asked again, most likely on a new connection.
  if (member.sync) out.answer(*member.sync, SyncGroupAnswer{.error = KafkaError::kRebalanceInProgress});
  member.sync = request;
  if (members_.is_leader(member)) store_assignments(sync, out);
}

void Group::store_assignments(const SyncGroup& sync, Outbox& out) {
  Assignments assignments;
  for (const auto& [id, member] : members_.all()) assignments.emplace(id, std::string());
  for (const SyncGroup::Assignment& each : sync.assignments) {
    const auto assignment = assignments.find(each.member_id);
    if (assignment != assignments.end()) assignment->second = each.assignment;
  }
  CoordinatorRecord stable = record(assignments);
  storing_ = out.append({std::move(stable)}, AssignmentsStored{group_id_, std::move(assignments)});
}

void Group::stored(AppendId id, const AssignmentsStored& what, KafkaError error, int64_t now_ms, Outbox& out) {
  if (storing_ != id) return;  // a rebalance began since, or the leader has asked again
  if (error != KafkaError::kNone) {
    refuse_syncs(error, now_ms, out);
    return start_rebalance(now_ms, out);
  }
  storing_.reset();
  enter(GroupState::kStable, now_ms);
  for (auto& [member_id, member] : members_.all()) {
    member.assignment = what.assignments.at(member_id);
    if (!member.sync) continue;
    out.answer(*member.sync, assigned_answer(member));
    member.sync.reset();
    restart_session(member, now_ms);
  }
}

void Group::refuse_syncs(KafkaError error, int64_t now_ms, Outbox& out) {
  for (auto& [id, member] : members_.all()) {
    if (!member.sync) continue;
    out.answer(*member.sync, SyncGroupAnswer{.error = error});
    member.sync.reset();
    restart_session(member, now_ms);
  }
}

SyncGroupAnswer Group::assigned_answer(const GroupMember& member) const {
  return {.error = KafkaError::kNone,
          .protocol_type = protocol_type_,
          .protocol_name = protocol_name_,
          .assignment = member.assignment};
}

}  // namespace omashu::broker
