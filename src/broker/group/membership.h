// Who is in a group: its members, the instance names of static ones, the ids that were given out and not yet used
// (KIP-394), the leader, and what all of them together can speak. Knows nothing of states and generations.
//
// Invariants: every instance name belongs to one member, which is there; no pending id is a member's; there is a leader
// while there are members. Not thread-safe.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/group/group_member.h"

namespace omashu::broker {

class Membership {
 public:
  using Members = std::map<std::string, GroupMember, std::less<>>;

  Members& all() { return members_; }
  const Members& all() const { return members_; }
  size_t size() const { return members_.size(); }
  bool is_empty() const { return members_.empty(); }

  GroupMember* find(std::string_view member_id);
  const GroupMember* find(std::string_view member_id) const;
  GroupMember* find_instance(std::string_view group_instance_id);
  const GroupMember* find_instance(std::string_view group_instance_id) const;

  // Whether somebody of this id, and this instance if it names one, is a member: UNKNOWN_MEMBER_ID, or
  // FENCED_INSTANCE_ID where the instance has got another id since.
  KafkaError check(std::string_view member_id, const std::optional<std::string_view>& group_instance_id) const;

  // The first is the leader.
  GroupMember& add(GroupMember member);
  void remove(std::string_view member_id);
  // The instance goes on under a new id, with its assignment; whatever waits under the old one is the caller's to
  // answer before.
  GroupMember& rename(std::string_view old_member_id, std::string new_member_id);

  const std::string& leader() const { return leader_; }  // "" while there is nobody
  bool is_leader(const GroupMember& member) const { return member.member_id == leader_; }
  void set_leader(std::string_view member_id);
  // Somebody who waits in a join, the leader if it does. False where nobody does.
  bool elect_joined_leader();

  bool have_all_joined() const;          // nobody is missing, nor any pending id
  int32_t rebalance_timeout_ms() const;  // the longest

  // Whether one of these protocols is known to all members.
  bool can_agree_on(std::span<const JoinGroup::Protocol> protocols) const;
  // The one that most members prefer of those that all know. There must be one, which holds for as long as every member
  // came in through can_agree_on().
  std::string choose_protocol() const;

  void add_pending(std::string member_id, int64_t deadline_ms);
  bool remove_pending(std::string_view member_id);  // whether it was there
  bool is_pending(std::string_view member_id) const { return pending_.find(member_id) != pending_.end(); }
  size_t pending_size() const { return pending_.size(); }
  bool expire_pending(int64_t now_ms);  // whether there was one to expire

  int64_t next_deadline_ms() const;  // of sessions and of pending ids; INT64_MAX: none

 private:
  bool all_support(std::string_view protocol) const;

  Members members_;
  std::map<std::string, std::string, std::less<>> member_of_instance_;
  std::map<std::string, int64_t, std::less<>> pending_;  // with deadlines
  std::string leader_;
};

}  // namespace omashu::broker
