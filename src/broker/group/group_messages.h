// What groups are asked and what they answer: the requests of Kafka's group APIs without their versions. Views in a
// request live as long as the call that it is given to; answers own what they say, for they may go out much later.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/offset.h"
#include "base/partition_id.h"
#include "broker/protocol/kafka_error.h"

namespace omashu::broker {

// The caller's number of a request, never used twice.
using RequestId = uint64_t;

struct JoinGroup {
  struct Protocol {
    std::string_view name = {};
    std::string_view metadata = {};
  };

  std::string_view group_id = {};
  std::string_view member_id = {};  // "" for who has none yet
  std::optional<std::string_view> group_instance_id = {};
  std::string_view client_id = {};
  std::string_view client_host = {};
  int32_t session_timeout_ms = 0;
  int32_t rebalance_timeout_ms = 0;  // version 0 has none: the session timeout
  std::string_view protocol_type = {};
  std::vector<Protocol> protocols = {};  // the preferred first
  bool requires_member_id = false;       // KIP-394: from version 4 on
  bool may_skip_assignment = false;      // KIP-814: from version 9 on
};

struct JoinGroupAnswer {
  struct Member {
    std::string member_id = {};
    std::optional<std::string> group_instance_id = {};
    std::string metadata = {};
  };

  KafkaError error = KafkaError::kNone;
  int32_t generation_id = -1;
  std::optional<std::string> protocol_type = {};
  std::optional<std::string> protocol_name = {};
  std::string leader = {};
  bool skip_assignment = false;
  std::string member_id = {};
  std::vector<Member> members = {};  // for the leader alone
};

struct SyncGroup {
  struct Assignment {
    std::string_view member_id = {};
    std::string_view assignment = {};
  };

  std::string_view group_id = {};
  int32_t generation_id = -1;
  std::string_view member_id = {};
  std::optional<std::string_view> group_instance_id = {};
  std::optional<std::string_view> protocol_type = {};
  std::optional<std::string_view> protocol_name = {};
  std::vector<Assignment> assignments = {};  // from the leader alone
};

struct SyncGroupAnswer {
  KafkaError error = KafkaError::kNone;
  std::optional<std::string> protocol_type = {};
  std::optional<std::string> protocol_name = {};
  std::string assignment = {};
};

struct Heartbeat {
  std::string_view group_id = {};
  int32_t generation_id = -1;
  std::string_view member_id = {};
  std::optional<std::string_view> group_instance_id = {};
};

struct LeaveGroup {
  struct Member {
    std::string_view member_id = {};  // "" where an instance is removed by its name
    std::optional<std::string_view> group_instance_id = {};
  };

  std::string_view group_id = {};
  std::vector<Member> members = {};
};

struct LeaveGroupAnswer {
  KafkaError error = KafkaError::kNone;
  std::vector<KafkaError> member_errors = {};  // in the order of the request
};

struct CommitOffsets {
  struct Partition {
    PartitionId partition{0};
    Offset offset{0};
    int32_t leader_epoch = -1;
    std::string_view metadata = {};
    KafkaError error = KafkaError::kNone;  // what the caller refuses it for: answered, not stored
  };
  struct Topic {
    std::string_view name = {};
    std::vector<Partition> partitions = {};
  };

  std::string_view group_id = {};
  int32_t generation_id = -1;  // -1, and no member id: from somebody who is in no group
  std::string_view member_id = {};
  std::optional<std::string_view> group_instance_id = {};
  std::optional<int64_t> retention_time_ms = {};  // versions 2 to 4; the broker's own where absent
  std::vector<Topic> topics = {};
};

struct DeleteOffsets {
  struct Partition {
    PartitionId partition{0};
    KafkaError error = KafkaError::kNone;  // as in CommitOffsets
  };
  struct Topic {
    std::string_view name = {};
    std::vector<Partition> partitions = {};
  };

  std::string_view group_id = {};
  std::vector<Topic> topics = {};
};

struct PartitionErrors {
  struct Partition {
    PartitionId partition{0};
    KafkaError error = KafkaError::kNone;

    bool operator==(const Partition&) const = default;
  };
  struct Topic {
    std::string name = {};
    std::vector<Partition> partitions = {};

    bool operator==(const Topic&) const = default;
  };
  std::vector<Topic> topics = {};
};

// GROUP_ID_NOT_FOUND is ILLEGAL_GENERATION to clients of versions below 9.
struct CommitOffsetsAnswer : PartitionErrors {};

struct DeleteOffsetsAnswer : PartitionErrors {
  KafkaError error = KafkaError::kNone;
};

struct DeleteGroupsAnswer {
  struct Group {
    std::string group_id = {};
    KafkaError error = KafkaError::kNone;
  };
  std::vector<Group> groups = {};
};

struct CommittedOffset {
  Offset offset = kNoOffset;
  int32_t leader_epoch = -1;
  std::string metadata = {};
  int64_t commit_timestamp_ms = 0;
  std::optional<int64_t> expire_timestamp_ms = {};  // of a commit that named its own retention

  bool operator==(const CommittedOffset&) const = default;
};

enum class GroupState : uint8_t { kEmpty, kPreparingRebalance, kCompletingRebalance, kStable };

std::string_view state_name(GroupState state);  // "PreparingRebalance"…

struct GroupDescription {
  struct Member {
    std::string member_id = {};
    std::optional<std::string> group_instance_id = {};
    std::string client_id = {};
    std::string client_host = {};
    std::string metadata = {};  // of a stable group alone
    std::string assignment = {};
  };

  std::string_view state = {};  // "Dead" for a group that is not there
  std::string protocol_type = {};
  std::string protocol_name = {};  // of a stable group alone
  std::vector<Member> members = {};
};

struct GroupListing {
  std::string group_id = {};
  std::string protocol_type = {};
  GroupState state = GroupState::kEmpty;
};

}  // namespace omashu::broker
