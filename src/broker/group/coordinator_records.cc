#include "broker/group/coordinator_records.h"

#include <fmt/core.h>

#include <set>

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

namespace {

constexpr int16_t kOffsetKeyVersion = 1;
constexpr int16_t kGroupKeyVersion = 2;
constexpr int16_t kExpiryVersion = 1;
constexpr int16_t kValueVersion = 3;  // the last before the flexible one, which brokers below 3.5 do not read

template <class Message>
std::string encode(const Message& message, int16_t version) {
  EncodedFrame out;
  append_integer(out.bytes, version);
  MessageCodec<Message>::append(message, version, out);
  return std::move(out.bytes);
}

Result<int16_t> take_version(std::string_view& bytes) {
  WireReader in(bytes);
  const auto version = in.integer<int16_t>();
  if (!in.ok()) return fail(ErrorCode::kCorrupt, fmt::format("{} bytes are too few for a version", bytes.size()));
  bytes = in.rest();
  return version;
}

template <class Message>
Result<Message> parse(std::string_view bytes) {
  const auto version = take_version(bytes);
  if (!version) return fail(Error(version.error()).within(std::string(Message::kApi.name)));
  if (!Message::kApi.versions.contains(*version)) {
    return fail(ErrorCode::kCorrupt, fmt::format("{}: version {} is not known", Message::kApi.name, *version));
  }
  return decode<Message>(bytes, *version);
}

// "" where the group can be.
std::string_view find_contradiction(const GroupMetadataValue& group) {
  if (group.generation < 0) return "its generation is negative";
  if (group.members.empty()) return "";
  if (group.protocol_type.empty() || !group.protocol) return "it has members and no protocol";
  std::set<std::string_view> ids;
  std::set<std::string_view> instances;
  for (const GroupMetadataValue::Member& member : group.members) {
    if (member.member_id.empty()) return "a member has no id";
    if (!ids.insert(member.member_id).second) return "a member is there twice";
    if (member.group_instance_id && !instances.insert(*member.group_instance_id).second) {
      return "an instance is there twice";
    }
  }
  return "";
}

}  // namespace

Result<CoordinatorKey> parse_coordinator_key(std::string_view bytes) {
  const auto version = take_version(bytes);
  if (!version) return fail(version.error());
  if (OffsetCommitKey::kApi.versions.contains(*version)) return decode<OffsetCommitKey>(bytes, *version);
  if (GroupMetadataKey::kApi.versions.contains(*version)) return decode<GroupMetadataKey>(bytes, *version);
  return UnknownKey{*version};
}

Result<OffsetCommitValue> parse_offset_commit_value(std::string_view bytes) { return parse<OffsetCommitValue>(bytes); }

Result<GroupMetadataValue> parse_group_metadata_value(std::string_view bytes) {
  auto value = parse<GroupMetadataValue>(bytes);
  if (!value) return value;
  if (const std::string_view wrong = find_contradiction(*value); !wrong.empty()) {
    return fail(ErrorCode::kCorrupt, fmt::format("GroupMetadataValue: {}", wrong));
  }
  return value;
}

std::string encode_value(const OffsetCommitValue& value, int16_t version) { return encode(value, version); }

std::string encode_value(const GroupMetadataValue& value, int16_t version) { return encode(value, version); }

CoordinatorRecord offset_commit_record(const OffsetCommitKey& key, const OffsetCommitValue& value) {
  const int16_t version = value.expire_timestamp_ms == -1 ? kValueVersion : kExpiryVersion;
  return {encode(key, kOffsetKeyVersion), encode(value, version)};
}

CoordinatorRecord offset_commit_tombstone(const OffsetCommitKey& key) {
  return {encode(key, kOffsetKeyVersion), std::nullopt};
}

CoordinatorRecord group_metadata_record(std::string_view group, const GroupMetadataValue& value) {
  return {encode(GroupMetadataKey{group}, kGroupKeyVersion), encode(value, kValueVersion)};
}

CoordinatorRecord group_metadata_tombstone(std::string_view group) {
  return {encode(GroupMetadataKey{group}, kGroupKeyVersion), std::nullopt};
}

template struct MessageCodec<OffsetCommitKey>;
template struct MessageCodec<OffsetCommitValue>;
template struct MessageCodec<GroupMetadataKey>;
template struct MessageCodec<GroupMetadataValue>;

}  // namespace omashu::broker
