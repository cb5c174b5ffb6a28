// OffsetCommit: how far a group has come.
//
//   2  the retention time, until 4; after that the broker alone decides
//   6  the leader epoch of the offset
//   7  static members
//   8  flexible
//   9  the member epoch of the newer group protocol in place of the generation

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/offset.h"
#include "base/partition_id.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct OffsetCommitResponse;

struct OffsetCommitRequest {
  static constexpr Api kApi{ApiKey::kOffsetCommit, "OffsetCommit", {2, 9}, 8};
  using Response = OffsetCommitResponse;

  struct Partition {
    PartitionId partition_index{0};
    Offset committed_offset{0};
    int32_t committed_leader_epoch = -1;
    std::optional<std::string_view> committed_metadata = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.committed_offset);
      visit(self.committed_leader_epoch, since(6));
      visit(self.committed_metadata);
    }
  };

  struct Topic {
    std::string_view name = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.partitions);
    }
  };

  std::string_view group_id = {};
  int32_t generation_id_or_member_epoch = -1;
  std::string_view member_id = {};
  std::optional<std::string_view> group_instance_id = {};
  int64_t retention_time_ms = -1;
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.group_id);
    visit(self.generation_id_or_member_epoch);
    visit(self.member_id);
    visit(self.group_instance_id, since(7));
    visit(self.retention_time_ms, until(4));
    visit(self.topics);
  }
};

struct OffsetCommitResponse {
  static constexpr Api kApi = OffsetCommitRequest::kApi;

  struct Partition {
    PartitionId partition_index{0};
    KafkaError error_code = KafkaError::kNone;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.error_code);
    }
  };

  struct Topic {
    std::string name = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.partitions);
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(3));
    visit(self.topics);
  }
};

}  // namespace omashu::broker
