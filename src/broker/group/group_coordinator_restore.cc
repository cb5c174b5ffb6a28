// From the records of __consumer_offsets back to groups. The last record of a key counts; compaction may have taken any
// of those before.

#include <fmt/core.h>

#include "broker/group/coordinator_records.h"
#include "broker/group/group_coordinator.h"

namespace omashu::broker {

Result<void> GroupCoordinator::restore(std::string_view key, std::optional<std::string_view> value) {
  const auto parsed_key = parse_coordinator_key(key);
  if (!parsed_key) return fail(parsed_key.error());
  if (const auto* offset_key = std::get_if<OffsetCommitKey>(&*parsed_key)) return restore_offset(*offset_key, value);
  if (const auto* group_key = std::get_if<GroupMetadataKey>(&*parsed_key))
    return restore_group(group_key->group, value);
  return {};
}

Result<void> GroupCoordinator::restore_offset(const OffsetCommitKey& key, std::optional<std::string_view> value) {
  OffsetTable::Partition where{std::string(key.topic), key.partition};
  if (!value) {
    if (Entry* entry = find(key.group)) entry->offsets.remove(where);
    return {};
  }
  const auto parsed = parse_offset_commit_value(*value);
  if (!parsed) return fail(Error(parsed.error()).within(fmt::format("offset of group '{}'", key.group)));
  CommittedOffset offset{.offset = parsed->offset,
                         .leader_epoch = parsed->leader_epoch,
                         .metadata = std::string(parsed->metadata),
                         .commit_timestamp_ms = parsed->commit_timestamp_ms,
                         .expire_timestamp_ms = {}};
  if (parsed->expire_timestamp_ms != -1) offset.expire_timestamp_ms = parsed->expire_timestamp_ms;
  find_or_add(key.group, offset.commit_timestamp_ms).offsets.put({std::move(where), std::move(offset)});
  return {};
}

Result<void> GroupCoordinator::restore_group(std::string_view group_id, std::optional<std::string_view> value) {
  GroupMetadataValue group;  // none: what is left of it are its offsets, which have tombstones of their own
  if (value) {
    auto parsed = parse_group_metadata_value(*value);
    if (!parsed) return fail(Error(parsed.error()).within(fmt::format("group '{}'", group_id)));
    group = std::move(*parsed);
  }
  OffsetTable offsets;
  if (const auto before = groups_.find(group_id); before != groups_.end()) {
    offsets = std::move(before->second.offsets);
    groups_.erase(before);
  }
  if (!value && offsets.is_empty()) return {};
  std::string name(group_id);
  groups_.try_emplace(name, Entry{Group(name, config_, group), std::move(offsets)});
  return {};
}

}  // namespace omashu::broker
