// The records of __consumer_offsets, in Kafka's own format: a key that begins with its version, and a value that does.
// The key's version says what the record is about. 0 and 1 are an offset (the same fields in both), 2 is a group.
// Brokers with KIP-848's groups write more kinds, which are nothing to this one.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/offset.h"
#include "base/partition_id.h"
#include "broker/group/coordinator_actions.h"
#include "broker/protocol/message.h"
#include "omashu/result.h"

namespace omashu::broker {

// These are declared as the messages of the wire are (broker/protocol/message.h), but belong to no API. All view the
// bytes that they were read from.

struct OffsetCommitKey {
  static constexpr Api kApi{{}, "OffsetCommitKey", {0, 1}, kNeverFlexible};

  std::string_view group = {};
  std::string_view topic = {};
  PartitionId partition{0};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.group);
    visit(self.topic);
    visit(self.partition);
  }
};

// What a group has committed for a partition.
struct OffsetCommitValue {
  static constexpr Api kApi{{}, "OffsetCommitValue", {0, 4}, 4};

  Offset offset{0};
  int32_t leader_epoch = -1;
  std::string_view metadata = {};
  int64_t commit_timestamp_ms = 0;
  int64_t expire_timestamp_ms = -1;  // of commits that named their own retention

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.offset);
    visit(self.leader_epoch, since(3));
    visit(self.metadata);
    visit(self.commit_timestamp_ms);
    visit(self.expire_timestamp_ms, between(1, 1));
  }
};

struct GroupMetadataKey {
  static constexpr Api kApi{{}, "GroupMetadataKey", {2, 2}, kNeverFlexible};

  std::string_view group = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.group);
  }
};

// A generation of a group that has its assignments, or that the group is empty: no other state is ever stored.
struct GroupMetadataValue {
  static constexpr Api kApi{{}, "GroupMetadataValue", {0, 4}, 4};

  struct Member {
    std::string_view member_id = {};
    std::optional<std::string_view> group_instance_id = {};
    std::string_view client_id = {};
    std::string_view client_host = {};
    int32_t rebalance_timeout_ms = -1;  // -1 in version 0: the session timeout
    int32_t session_timeout_ms = 0;
    BytesView subscription = {};  // the metadata under the group's protocol
    BytesView assignment = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.member_id);
      visit(self.group_instance_id, since(3));
      visit(self.client_id);
      visit(self.client_host);
      visit(self.rebalance_timeout_ms, since(1));
      visit(self.session_timeout_ms);
      visit(self.subscription);
      visit(self.assignment);
    }
  };

  std::string_view protocol_type = {};
  int32_t generation = 0;
  std::optional<std::string_view> protocol = {};
  std::optional<std::string_view> leader = {};
  int64_t current_state_timestamp_ms = -1;
  std::vector<Member> members = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.protocol_type);
    visit(self.generation);
    visit(self.protocol);
    visit(self.leader);
    visit(self.current_state_timestamp_ms, since(2));
    visit(self.members);
  }
};

struct UnknownKey {
  int16_t version = 0;
};

using CoordinatorKey = std::variant<OffsetCommitKey, GroupMetadataKey, UnknownKey>;

Result<CoordinatorKey> parse_coordinator_key(std::string_view bytes);
Result<OffsetCommitValue> parse_offset_commit_value(std::string_view bytes);
// What it returns is a group that can be: not below generation 0; where it has members, with a protocol that they all
// share, and each of them, and each instance, once.
Result<GroupMetadataValue> parse_group_metadata_value(std::string_view bytes);

// In the versions that brokers of today write, unless told otherwise.
std::string encode_value(const OffsetCommitValue& value, int16_t version);
std::string encode_value(const GroupMetadataValue& value, int16_t version);
CoordinatorRecord offset_commit_record(const OffsetCommitKey& key, const OffsetCommitValue& value);
CoordinatorRecord offset_commit_tombstone(const OffsetCommitKey& key);
CoordinatorRecord group_metadata_record(std::string_view group, const GroupMetadataValue& value);
CoordinatorRecord group_metadata_tombstone(std::string_view group);

}  // namespace omashu::broker
