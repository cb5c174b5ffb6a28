// DeleteRecords: moves the log start offset of partitions forward.
//
//   2  flexible

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

struct DeleteRecordsResponse;

struct DeleteRecordsRequest {
  static constexpr Api kApi{ApiKey::kDeleteRecords, "DeleteRecords", {0, 2}, 2};
  using Response = DeleteRecordsResponse;

  struct Partition {
    PartitionId partition_index{0};
    Offset offset{0};  // -1: the high watermark

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.offset);
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

  std::vector<Topic> topics = {};
  int32_t timeout_ms = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics);
    visit(self.timeout_ms);
  }
};

struct DeleteRecordsResponse {
  static constexpr Api kApi = DeleteRecordsRequest::kApi;

  struct Partition {
    PartitionId partition_index{0};
    Offset low_watermark = kNoOffset;
    KafkaError error_code = KafkaError::kNone;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.low_watermark);
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
    visit(self.throttle_time_ms);
    visit(self.topics);
  }
};

}  // namespace omashu::broker
