// All consumer groups: their members, their offsets, and the records of __consumer_offsets that both outlive the
// process in. It does what Kafka's GroupCoordinator does for groups of the classic protocol.
//
// It opens nothing and reads no clock: each event comes with the time, and gives back what is to be done. The shell
//   - restores it from the records of __consumer_offsets, in their order, and calls start();
//   - sends each answer to the request whose number it bears. Every request that is given with a number is answered
//     once, by the same call or by a later one;
//   - appends the records of each CoordinatorAppend, in the order in which they come, and calls appended() once they
//     are as durable as an answer may rely on, or could not be written. So nothing that was answered is lost;
//   - calls tick() when next_deadline_ms() has come.
//
// What could not be written: a commit or an assignment has not happened, and its requests are refused. A member that
// left, an offset or a group that was deleted, is gone for now, and may be back after a restart.
//
// Not thread-safe: one thread at a time.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/partition_id.h"
#include "broker/group/coordinator_actions.h"
#include "broker/group/group.h"
#include "broker/group/group_config.h"
#include "broker/group/group_messages.h"
#include "broker/group/offset_table.h"
#include "omashu/result.h"

namespace omashu::broker {

struct OffsetCommitKey;

class GroupCoordinator {
 public:
  explicit GroupCoordinator(GroupConfig config = {});
  GroupCoordinator(const GroupCoordinator&) = delete;  // groups refer to the config
  GroupCoordinator& operator=(const GroupCoordinator&) = delete;

  // A record of __consumer_offsets; an absent value is a tombstone. One that is not understood changes nothing and is
  // an error; those of KIP-848's groups are passed over.
  Result<void> restore(std::string_view key, std::optional<std::string_view> value);
  // From here on time passes, for those who were restored too.
  void start(int64_t now_ms);

  CoordinatorActions join_group(RequestId request, const JoinGroup& join, int64_t now_ms);
  CoordinatorActions sync_group(RequestId request, const SyncGroup& sync);
  CoordinatorActions leave_group(RequestId request, const LeaveGroup& leave, int64_t now_ms);
  CoordinatorActions commit_offsets(RequestId request, const CommitOffsets& commit, int64_t now_ms);
  CoordinatorActions delete_offsets(RequestId request, const DeleteOffsets& deletion);
  CoordinatorActions delete_groups(RequestId request, std::span<const std::string_view> group_ids);
  KafkaError heartbeat(const Heartbeat& heartbeat, int64_t now_ms);

  CoordinatorActions appended(AppendId id, KafkaError error, int64_t now_ms);
  CoordinatorActions tick(int64_t now_ms);
  int64_t next_deadline_ms() const;  // may be too early, never too late
  // The topics are gone, and with them what was committed for them.
  CoordinatorActions topics_deleted(std::span<const std::string_view> topics);

  // nullptr where nothing is committed, and for a group that is not there: Kafka answers -1 to both, without an error.
  const CommittedOffset* find_offset(std::string_view group_id, std::string_view topic, PartitionId partition) const;
  // nullptr for a group that is not there. Good until the next event.
  const OffsetTable::Topics* find_offsets(std::string_view group_id) const;
  GroupDescription describe_group(std::string_view group_id) const;
  std::vector<GroupListing> list_groups() const;

 private:
  struct Entry {
    Group group;
    OffsetTable offsets;
  };
  using Groups = std::map<std::string, Entry, std::less<>>;

  Entry* find(std::string_view group_id);
  const Entry* find(std::string_view group_id) const;
  Entry& find_or_add(std::string_view group_id, int64_t now_ms);
  void note_deadline(const Group& group);
  CoordinatorActions finish(Outbox& out);  // ends an event

  Result<void> restore_offset(const OffsetCommitKey& key, std::optional<std::string_view> value);
  Result<void> restore_group(std::string_view group_id, std::optional<std::string_view> value);

  KafkaError check_join(const JoinGroup& join) const;
  KafkaError check_offset_deletion(const DeleteOffsets& deletion) const;
  KafkaError delete_group(std::string_view group_id, std::vector<CoordinatorRecord>& tombstones);
  void expire_offsets(int64_t now_ms, Outbox& out);

  // An append has ended, and this is what follows.
  void follow(AppendId id, const NothingFollows& purpose, KafkaError error, int64_t now_ms, Outbox& out);
  void follow(AppendId id, const AssignmentsStored& purpose, KafkaError error, int64_t now_ms, Outbox& out);
  void follow(AppendId id, const RejoinStored& purpose, KafkaError error, int64_t now_ms, Outbox& out);
  void follow(AppendId id, OffsetsStored& purpose, KafkaError error, int64_t now_ms, Outbox& out);
  void follow(AppendId id, TombstonesStored& purpose, KafkaError error, int64_t now_ms, Outbox& out);

  const GroupConfig config_;
  Groups groups_;
  std::map<AppendId, AppendPurpose> appends_;  // those whose end is not known yet
  AppendId last_append_id_ = 0;
  int64_t groups_deadline_ms_ = INT64_MAX;  // no group has an earlier one
  int64_t next_expiry_check_ms_ = INT64_MAX;
};

}  // namespace omashu::broker
