// One consumer group of the classic protocol (KIP-62, 345, 394, 814): who is in it, and the rebalances that take it
// from one generation to the next. What the members say of their subscriptions and assignments is theirs: nothing but
// is_subscribed_to() looks into it.
//
//   Empty                nobody is in it; it may keep offsets
//   PreparingRebalance   the members join: until all have, or the rebalance timeout is over
//   CompletingRebalance  a new generation, whose leader computes the assignments: until they are stored
//   Stable               every member has its assignment, or can ask for it
//
// When a member comes, goes, expires or changes what it speaks, the group prepares a rebalance; when that ends with
// nobody, it is empty.
//
// A group takes events with the time and puts answers and records into an Outbox. Every JoinGroup and SyncGroup is
// answered once: at once, or by a later event. Not thread-safe; opens and reads nothing. Private to this folder: the
// world speaks to GroupCoordinator.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/group/group_config.h"
#include "broker/group/group_messages.h"
#include "broker/group/membership.h"
#include "broker/group/outbox.h"

namespace omashu::broker {

struct GroupMetadataValue;

class Group {
 public:
  // The config must outlive the group.
  Group(std::string group_id, const GroupConfig& config, int64_t now_ms);
  // As its last record says. The members' sessions start with restart_sessions().
  Group(std::string group_id, const GroupConfig& config, const GroupMetadataValue& value);

  void restart_sessions(int64_t now_ms);

  void join(RequestId request, const JoinGroup& join, int64_t now_ms, Outbox& out);
  void sync(RequestId request, const SyncGroup& sync, Outbox& out);
  KafkaError heartbeat(const Heartbeat& heartbeat, int64_t now_ms);
  std::vector<KafkaError> leave(const LeaveGroup& leave, int64_t now_ms, Outbox& out);
  void tick(int64_t now_ms, Outbox& out);
  int64_t next_deadline_ms() const;  // when tick() has something to do, if nothing happens before; INT64_MAX: never

  void stored(AppendId id, const AssignmentsStored& what, KafkaError error, int64_t now_ms, Outbox& out);
  void stored(const RejoinStored& what, KafkaError error, int64_t now_ms, Outbox& out);

  // Whether offsets of such a request may be stored. It counts as a heartbeat.
  KafkaError check_commit(const CommitOffsets& commit, int64_t now_ms);

  GroupState state() const { return state_; }
  const std::string& protocol_type() const { return protocol_type_; }  // "" for a group that only keeps offsets
  // Since when the group is in its state; absent where an old record did not say.
  std::optional<int64_t> state_since_ms() const { return state_since_ms_; }
  bool has_pending_members() const { return members_.pending_size() > 0; }
  // Whether a member reads the topic, as far as can be told: of a group of consumers with unreadable subscriptions it
  // is taken for granted.
  bool is_subscribed_to(std::string_view topic) const;
  GroupDescription describe() const;

 private:
  using Assignments = std::map<std::string, std::string, std::less<>>;

  // group_join.cc
  KafkaError check_join(const JoinGroup& join) const;
  bool is_full_for(const JoinGroup& join) const;
  void join_as_new(RequestId request, const JoinGroup& join, int64_t now_ms, Outbox& out);
  void rejoin(RequestId request, const JoinGroup& join, GroupMember& member, int64_t now_ms, Outbox& out);
  void rejoin_instance(RequestId request, const JoinGroup& join, GroupMember& member, const std::string& leader_before,
                       int64_t now_ms, Outbox& out);
  void add_member(RequestId request, const JoinGroup& join, std::string member_id, int64_t now_ms, Outbox& out);
  void await_join(RequestId request, const JoinGroup& join, GroupMember& member, Outbox& out);
  void rebalance_or_complete(int64_t now_ms, Outbox& out);
  JoinGroupAnswer joined_answer(const GroupMember& member) const;

  // group_rebalance.cc
  void start_rebalance(int64_t now_ms, Outbox& out);
  void complete_join_if_all_joined(int64_t now_ms, Outbox& out);
  void complete_join(int64_t now_ms, Outbox& out);
  void end_join_delay(int64_t now_ms, Outbox& out);
  void expire_members(int64_t now_ms, Outbox& out);
  void expire_syncs(int64_t now_ms, Outbox& out);
  void remove_member(GroupMember& member, Outbox& out);
  void enter(GroupState state, int64_t now_ms);

  // group_sync.cc
  KafkaError check_sync(const SyncGroup& sync) const;
  void store_assignments(const SyncGroup& sync, Outbox& out);
  void refuse_syncs(KafkaError error, int64_t now_ms, Outbox& out);
  SyncGroupAnswer assigned_answer(const GroupMember& member) const;

  // group.cc
  KafkaError leave_one(const LeaveGroup::Member& leaving, Outbox& out);
  void restart_session(GroupMember& member, int64_t now_ms) const;
  // The group as it is, but for assignments that are not yet the members'.
  CoordinatorRecord record(const Assignments& new_assignments) const;

  const std::string group_id_;
  const GroupConfig& config_;
  Membership members_;

  GroupState state_ = GroupState::kEmpty;
  std::optional<int64_t> state_since_ms_;
  int32_t generation_id_ = 0;
  std::string protocol_type_;
  std::optional<std::string> protocol_name_;  // of the generation

  // PreparingRebalance: when those who have not joined are given up.
  std::optional<int64_t> join_deadline_ms_;
  // A first rebalance that is delayed for more members, and how much longer it may be.
  std::optional<int64_t> delay_left_ms_;
  bool somebody_joined_in_delay_ = false;

  // CompletingRebalance and Stable: when those who owe a SyncGroup are given up.
  std::optional<int64_t> sync_deadline_ms_;
  // CompletingRebalance: the leader's assignments are on their way to the log. An older append counts no more.
  std::optional<AppendId> storing_;
};

}  // namespace omashu::broker
