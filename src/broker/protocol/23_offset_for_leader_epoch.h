// OffsetForLeaderEpoch: where a leader epoch ends, by which a consumer finds out whether its log was truncated.
//
//   3  the replica's id
//   4  flexible

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/offset.h"
#include "base/partition_id.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct OffsetForLeaderEpochResponse;

struct OffsetForLeaderEpochRequest {
  static constexpr Api kApi{ApiKey::kOffsetForLeaderEpoch, "OffsetForLeaderEpoch", {2, 4}, 4};
  using Response = OffsetForLeaderEpochResponse;

  struct Partition {
    PartitionId partition{0};
    int32_t current_leader_epoch = -1;
    int32_t leader_epoch = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition);
      visit(self.current_leader_epoch);
      visit(self.leader_epoch);
    }
  };

  struct Topic {
    std::string_view topic = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic);
      visit(self.partitions);
    }
  };

  int32_t replica_id = -1;  // a consumer
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.replica_id, since(3));
    visit(self.topics);
  }
};

struct OffsetForLeaderEpochResponse {
  static constexpr Api kApi = OffsetForLeaderEpochRequest::kApi;

  struct Partition {
    KafkaError error_code = KafkaError::kNone;
    PartitionId partition{0};
    int32_t leader_epoch = -1;
    Offset end_offset = kNoOffset;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.partition);
      visit(self.leader_epoch);
      visit(self.end_offset);
    }
  };

  struct Topic {
    std::string topic = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic);
      visit(self.partitions);
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.topics);
  }
};

}  // namespace omashu::broker
