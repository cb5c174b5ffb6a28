// ListOffsets: the first offset at or after a timestamp, or one of the special places below.
//
//   2  isolation level
//   4  leader epochs
//   6  flexible
//   7  kMaxTimestamp

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

struct ListOffsetsResponse;

struct ListOffsetsRequest {
  static constexpr Api kApi{ApiKey::kListOffsets, "ListOffsets", {1, 7}, 6};
  using Response = ListOffsetsResponse;

  static constexpr int64_t kLatestTimestamp = -1;
  static constexpr int64_t kEarliestTimestamp = -2;
  static constexpr int64_t kMaxTimestamp = -3;  // the record with the greatest timestamp

  struct Partition {
    PartitionId partition_index{0};
    int32_t current_leader_epoch = -1;
    int64_t timestamp = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.current_leader_epoch, since(4));
      visit(self.timestamp);
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

  int32_t replica_id = -1;     // a consumer
  int8_t isolation_level = 0;  // 1: read_committed
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.replica_id);
    visit(self.isolation_level, since(2));
    visit(self.topics);
  }
};

struct ListOffsetsResponse {
  static constexpr Api kApi = ListOffsetsRequest::kApi;

  struct Partition {
    PartitionId partition_index{0};
    KafkaError error_code = KafkaError::kNone;
    int64_t timestamp = -1;
    Offset offset = kNoOffset;
    int32_t leader_epoch = -1;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.error_code);
      visit(self.timestamp);
      visit(self.offset);
      visit(self.leader_epoch, since(4));
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
    visit(self.throttle_time_ms, since(2));
    visit(self.topics);
  }
};

}  // namespace omashu::broker
