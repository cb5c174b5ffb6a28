// The offsets of groups: committing, finding, deleting and expiring them, and groups that go with them.

#include <algorithm>

#include "base/utf8.h"
#include "broker/group/consumer_subscription.h"
#include "broker/group/coordinator_records.h"
#include "broker/group/group_coordinator.h"

namespace omashu::broker {

namespace {

// As Java counts them: a character beyond the basic plane is two.
size_t count_characters(std::string_view text) {
  size_t count = 0;
  while (!text.empty()) {
    const size_t length = std::max<size_t>(utf8_character_length(text), 1);
    count += length == 4 ? 2 : 1;
    text.remove_prefix(length);
  }
  return count;
}

CommittedOffset committed_offset(const CommitOffsets::Partition& commit, const std::optional<int64_t>& retention_ms,
                                 int64_t now_ms) {
  CommittedOffset offset;
  offset.offset = commit.offset;
  offset.leader_epoch = commit.leader_epoch;
  offset.metadata = commit.metadata;
  offset.commit_timestamp_ms = now_ms;
  if (retention_ms) offset.expire_timestamp_ms = now_ms + std::clamp<int64_t>(*retention_ms, 0, INT64_MAX - now_ms);
  return offset;
}

void add_tombstones(std::string_view group_id, const std::vector<OffsetTable::Partition>& removed,
                    std::vector<CoordinatorRecord>& records) {
  for (const OffsetTable::Partition& each : removed) {
    records.push_back(offset_commit_tombstone({group_id, each.topic, each.partition}));
  }
}

}  // namespace

CoordinatorActions GroupCoordinator::commit_offsets(RequestId request, const CommitOffsets& commit, int64_t now_ms) {
  KafkaError group_error = KafkaError::kNone;
  if (Entry* entry = find(commit.group_id)) {
    group_error = entry->group.check_commit(commit, now_ms);
  } else if (commit.generation_id >= 0) {
    group_error = KafkaError::kGroupIdNotFound;
  }
  CommitOffsetsAnswer answer;
  std::vector<OffsetTable::Commit> commits;
  std::vector<CoordinatorRecord> records;
  for (const CommitOffsets::Topic& topic : commit.topics) {
    PartitionErrors::Topic& results = answer.topics.emplace_back(std::string(topic.name));
    for (const CommitOffsets::Partition& each : topic.partitions) {
      KafkaError error = each.error != KafkaError::kNone ? each.error : group_error;
      const bool is_too_large = count_characters(each.metadata) > config_.offset_metadata_max_characters;
      if (error == KafkaError::kNone && is_too_large) error = KafkaError::kOffsetMetadataTooLarge;
      results.partitions.push_back({each.partition, error});
      if (error != KafkaError::kNone) continue;
      CommittedOffset offset = committed_offset(each, commit.retention_time_ms, now_ms);
      records.push_back(offset_commit_record({commit.group_id, topic.name, each.partition},
                                             {.offset = offset.offset,
                                              .leader_epoch = offset.leader_epoch,
                                              .metadata = offset.metadata,
                                              .commit_timestamp_ms = offset.commit_timestamp_ms,
                                              .expire_timestamp_ms = offset.expire_timestamp_ms.value_or(-1)}));
      commits.push_back({{std::string(topic.name), each.partition}, std::move(offset)});
    }
  }
  Outbox out(last_append_id_);
  if (records.empty()) {
    out.answer(request, std::move(answer));
    return finish(out);
  }
  const AppendId id =
      out.append(std::move(records), OffsetsStored{std::string(commit.group_id), request, std::move(answer)});
  find_or_add(commit.group_id, now_ms).offsets.begin_commit(id, std::move(commits));
  return finish(out);
}

const CommittedOffset* GroupCoordinator::find_offset(std::string_view group_id, std::string_view topic,
                                                     PartitionId partition) const {
  const Entry* entry = find(group_id);
  return entry != nullptr ? entry->offsets.find(topic, partition) : nullptr;
}

const OffsetTable::Topics* GroupCoordinator::find_offsets(std::string_view group_id) const {
  const Entry* entry = find(group_id);
  return entry != nullptr ? &entry->offsets.all() : nullptr;
}

KafkaError GroupCoordinator::check_offset_deletion(const DeleteOffsets& deletion) const {
  if (deletion.group_id.empty()) return KafkaError::kInvalidGroupId;
  const Entry* entry = find(deletion.group_id);
  if (entry == nullptr) return KafkaError::kGroupIdNotFound;
  // Of other members than consumers nobody can say which topics they use.
  const bool is_known_use = entry->group.protocol_type() == kConsumerProtocolType;
  if (entry->group.state() != GroupState::kEmpty && !is_known_use) return KafkaError::kNonEmptyGroup;
  return KafkaError::kNone;
}

CoordinatorActions GroupCoordinator::delete_offsets(RequestId request, const DeleteOffsets& deletion) {
  Outbox out(last_append_id_);
  DeleteOffsetsAnswer answer;
  answer.error = check_offset_deletion(deletion);
  if (answer.error != KafkaError::kNone) {
    out.answer(request, std::move(answer));
    return finish(out);
  }
  Entry& entry = *find(deletion.group_id);
  std::vector<CoordinatorRecord> tombstones;
  for (const DeleteOffsets::Topic& topic : deletion.topics) {
    PartitionErrors::Topic& results = answer.topics.emplace_back(std::string(topic.name));
    const bool is_in_use = entry.group.is_subscribed_to(topic.name);
    for (const DeleteOffsets::Partition& each : topic.partitions) {
      KafkaError error = each.error;
      if (error == KafkaError::kNone && is_in_use) error = KafkaError::kGroupSubscribedToTopic;
      results.partitions.push_back({each.partition, error});
      if (error != KafkaError::kNone || !entry.offsets.remove({std::string(topic.name), each.partition})) continue;
      tombstones.push_back(offset_commit_tombstone({deletion.group_id, topic.name, each.partition}));
    }
  }
  if (tombstones.empty()) {
    out.answer(request, std::move(answer));
  } else {
    out.append(std::move(tombstones), TombstonesStored{request, std::move(answer)});
  }
  return finish(out);
}

KafkaError GroupCoordinator::delete_group(std::string_view group_id, std::vector<CoordinatorRecord>& tombstones) {
  const auto it = groups_.find(group_id);
  if (it == groups_.end()) return KafkaError::kGroupIdNotFound;
  if (it->second.group.state() != GroupState::kEmpty) return KafkaError::kNonEmptyGroup;
  add_tombstones(group_id, it->second.offsets.remove_all(), tombstones);
  tombstones.push_back(group_metadata_tombstone(group_id));
  groups_.erase(it);
  return KafkaError::kNone;
}

CoordinatorActions GroupCoordinator::delete_groups(RequestId request, std::span<const std::string_view> group_ids) {
  Outbox out(last_append_id_);
  DeleteGroupsAnswer answer;
  std::vector<CoordinatorRecord> tombstones;
  for (const std::string_view group_id : group_ids) {
    answer.groups.push_back({std::string(group_id), delete_group(group_id, tombstones)});
  }
  if (tombstones.empty()) {
    out.answer(request, std::move(answer));
  } else {
    out.append(std::move(tombstones), TombstonesStored{request, std::move(answer)});
  }
  return finish(out);
}

CoordinatorActions GroupCoordinator::topics_deleted(std::span<const std::string_view> topics) {
  Outbox out(last_append_id_);
  std::vector<CoordinatorRecord> tombstones;
  for (auto& [group_id, entry] : groups_) {
    for (const std::string_view topic : topics) {
      add_tombstones(group_id, entry.offsets.remove_topic(topic), tombstones);
    }
  }
  if (!tombstones.empty()) out.append(std::move(tombstones), NothingFollows{});
  return finish(out);
}

// Offsets of groups in use never expire. An empty group goes with its last offset.
void GroupCoordinator::expire_offsets(int64_t now_ms, Outbox& out) {
  std::vector<CoordinatorRecord> tombstones;
  for (auto it = groups_.begin(); it != groups_.end();) {
    auto& [group_id, entry] = *it++;
    const Group& group = entry.group;
    if (group.state() != GroupState::kEmpty || group.has_pending_members()) continue;
    const int64_t empty_since_ms = group.state_since_ms().value_or(0);
    const auto expired = entry.offsets.remove_expired(empty_since_ms, config_.offsets_retention_ms, now_ms);
    add_tombstones(group_id, expired, tombstones);
    if (entry.offsets.is_empty()) delete_group(group_id, tombstones);
  }
  if (!tombstones.empty()) out.append(std::move(tombstones), NothingFollows{});
}

}  // namespace omashu::broker
