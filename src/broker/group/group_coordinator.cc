#include "broker/group/group_coordinator.h"

#include <algorithm>
#include <cassert>

#include "broker/group/coordinator_records.h"

namespace omashu::broker {

namespace {

// With a UUID behind it, it is still a string that the protocol can carry.
constexpr size_t kMaxNameBytes = 32'000;

// How Kafka says to a group's member that the log is in trouble.
KafkaError as_group_error(KafkaError append_error) {
  switch (append_error) {
    case KafkaError::kUnknownTopicOrPartition:
    case KafkaError::kRequestTimedOut: return KafkaError::kCoordinatorNotAvailable;
    case KafkaError::kNotLeaderOrFollower:
    case KafkaError::kKafkaStorageError: return KafkaError::kNotCoordinator;
    case KafkaError::kMessageTooLarge:
    case KafkaError::kRecordListTooLarge:
    case KafkaError::kInvalidFetchSize: return KafkaError::kUnknownServerError;
    default: return append_error;
  }
}

// What was not refused before has failed with the append.
void fail_rest(PartitionErrors& answer, KafkaError error) {
  for (PartitionErrors::Topic& topic : answer.topics) {
    for (PartitionErrors::Partition& partition : topic.partitions) {
      if (partition.error == KafkaError::kNone) partition.error = error;
    }
  }
}

void fail_rest(DeleteGroupsAnswer& answer, KafkaError error) {
  for (DeleteGroupsAnswer::Group& group : answer.groups) {
    if (group.error == KafkaError::kNone) group.error = error;
  }
}

}  // namespace

GroupCoordinator::GroupCoordinator(GroupConfig config) : config_(std::move(config)) {}

GroupCoordinator::Entry* GroupCoordinator::find(std::string_view group_id) {
  const auto it = groups_.find(group_id);
  return it != groups_.end() ? &it->second : nullptr;
}

const GroupCoordinator::Entry* GroupCoordinator::find(std::string_view group_id) const {
  const auto it = groups_.find(group_id);
  return it != groups_.end() ? &it->second : nullptr;
}

GroupCoordinator::Entry& GroupCoordinator::find_or_add(std::string_view group_id, int64_t now_ms) {
  if (Entry* entry = find(group_id)) return *entry;
  std::string name(group_id);
  return groups_.try_emplace(name, Entry{Group(name, config_, now_ms), {}}).first->second;
}

void GroupCoordinator::note_deadline(const Group& group) {
  groups_deadline_ms_ = std::min(groups_deadline_ms_, group.next_deadline_ms());
}

CoordinatorActions GroupCoordinator::finish(Outbox& out) {
  for (auto& [id, purpose] : out.purposes) appends_.emplace(id, std::move(purpose));
  return std::move(out.actions);
}

void GroupCoordinator::start(int64_t now_ms) {
  next_expiry_check_ms_ = now_ms + config_.offsets_retention_check_interval_ms;
  groups_deadline_ms_ = INT64_MAX;
  for (auto& [id, entry] : groups_) {
    entry.group.restart_sessions(now_ms);
    note_deadline(entry.group);
  }
}

KafkaError GroupCoordinator::check_join(const JoinGroup& join) const {
  if (join.group_id.empty()) return KafkaError::kInvalidGroupId;
  if (join.session_timeout_ms < config_.group_min_session_timeout_ms ||
      join.session_timeout_ms > config_.group_max_session_timeout_ms) {
    return KafkaError::kInvalidSessionTimeout;
  }
  size_t metadata_bytes = 0;
  for (const JoinGroup::Protocol& each : join.protocols) metadata_bytes += each.name.size() + each.metadata.size();
  if (metadata_bytes > config_.max_member_metadata_bytes) return KafkaError::kMessageTooLarge;
  const bool is_sane = join.protocols.size() <= config_.max_member_protocols &&
                       join.client_id.size() <= kMaxNameBytes &&
                       join.group_instance_id.value_or("").size() <= kMaxNameBytes;
  if (!is_sane) return KafkaError::kInvalidRequest;
  // Who brings an id has been here before.
  if (find(join.group_id) == nullptr && !join.member_id.empty()) return KafkaError::kUnknownMemberId;
  return KafkaError::kNone;
}

CoordinatorActions GroupCoordinator::join_group(RequestId request, const JoinGroup& join, int64_t now_ms) {
  Outbox out(last_append_id_);
  if (const KafkaError error = check_join(join); error != KafkaError::kNone) {
    out.answer(request, JoinGroupAnswer{.error = error, .member_id = std::string(join.member_id)});
    return finish(out);
  }
  Group& group = find_or_add(join.group_id, now_ms).group;
  group.join(request, join, now_ms, out);
  note_deadline(group);
  return finish(out);
}

CoordinatorActions GroupCoordinator::sync_group(RequestId request, const SyncGroup& sync) {
  Outbox out(last_append_id_);
  if (sync.group_id.empty()) {
    out.answer(request, SyncGroupAnswer{.error = KafkaError::kInvalidGroupId});
  } else if (Entry* entry = find(sync.group_id)) {
    entry->group.sync(request, sync, out);
    note_deadline(entry->group);
  } else {
    out.answer(request, SyncGroupAnswer{.error = KafkaError::kUnknownMemberId});
  }
  return finish(out);
}

CoordinatorActions GroupCoordinator::leave_group(RequestId request, const LeaveGroup& leave, int64_t now_ms) {
  Outbox out(last_append_id_);
  LeaveGroupAnswer answer;
  if (leave.group_id.empty()) {
    answer.error = KafkaError::kInvalidGroupId;
  } else if (Entry* entry = find(leave.group_id)) {
    answer.member_errors = entry->group.leave(leave, now_ms, out);
    note_deadline(entry->group);
  } else {
    answer.member_errors.assign(leave.members.size(), KafkaError::kUnknownMemberId);
  }
  out.answer(request, std::move(answer));
  return finish(out);
}

KafkaError GroupCoordinator::heartbeat(const Heartbeat& heartbeat, int64_t now_ms) {
  if (heartbeat.group_id.empty()) return KafkaError::kInvalidGroupId;
  Entry* entry = find(heartbeat.group_id);
  return entry != nullptr ? entry->group.heartbeat(heartbeat, now_ms) : KafkaError::kUnknownMemberId;
}

CoordinatorActions GroupCoordinator::appended(AppendId id, KafkaError error, int64_t now_ms) {
  auto node = appends_.extract(id);
  assert(!node.empty());
  Outbox out(last_append_id_);
  std::visit([&](auto& purpose) { follow(id, purpose, as_group_error(error), now_ms, out); }, node.mapped());
  return finish(out);
}

void GroupCoordinator::follow(AppendId, const NothingFollows&, KafkaError, int64_t, Outbox&) {}

void GroupCoordinator::follow(AppendId id, const AssignmentsStored& purpose, KafkaError error, int64_t now_ms,
                              Outbox& out) {
  Entry* entry = find(purpose.group_id);
  if (entry == nullptr) return;
  entry->group.stored(id, purpose, error, now_ms, out);
  note_deadline(entry->group);
}

void GroupCoordinator::follow(AppendId, const RejoinStored& purpose, KafkaError error, int64_t now_ms, Outbox& out) {
  Entry* entry = find(purpose.group_id);
  if (entry == nullptr) return;
  entry->group.stored(purpose, error, now_ms, out);
  note_deadline(entry->group);
}

void GroupCoordinator::follow(AppendId id, OffsetsStored& purpose, KafkaError error, int64_t, Outbox& out) {
  if (Entry* entry = find(purpose.group_id)) entry->offsets.end_commit(id, error == KafkaError::kNone);
  fail_rest(purpose.answer, error);
  out.answer(purpose.request, std::move(purpose.answer));
}

void GroupCoordinator::follow(AppendId, TombstonesStored& purpose, KafkaError error, int64_t, Outbox& out) {
  std::visit(
      [&](auto& answer) {
        fail_rest(answer, error);
        out.answer(purpose.request, std::move(answer));
      },
      purpose.answer);
}

CoordinatorActions GroupCoordinator::tick(int64_t now_ms) {
  Outbox out(last_append_id_);
  groups_deadline_ms_ = INT64_MAX;
  for (auto& [id, entry] : groups_) {
    if (entry.group.next_deadline_ms() <= now_ms) entry.group.tick(now_ms, out);
    note_deadline(entry.group);
  }
  if (next_expiry_check_ms_ <= now_ms) {
    next_expiry_check_ms_ = now_ms + config_.offsets_retention_check_interval_ms;
    expire_offsets(now_ms, out);
  }
  return finish(out);
}

int64_t GroupCoordinator::next_deadline_ms() const { return std::min(groups_deadline_ms_, next_expiry_check_ms_); }

GroupDescription GroupCoordinator::describe_group(std::string_view group_id) const {
  const Entry* entry = find(group_id);
  return entry != nullptr ? entry->group.describe() : GroupDescription{.state = "Dead"};
}

std::vector<GroupListing> GroupCoordinator::list_groups() const {
  std::vector<GroupListing> listings;
  for (const auto& [id, entry] : groups_) listings.push_back({id, entry.group.protocol_type(), entry.group.state()});
  return listings;
}

}  // namespace omashu::broker
