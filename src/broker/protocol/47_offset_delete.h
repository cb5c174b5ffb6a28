// OffsetDelete: the offsets of a group for topics that it no longer reads. It has no flexible version.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/partition_id.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct OffsetDeleteResponse;

struct OffsetDeleteRequest {
  static constexpr Api kApi{ApiKey::kOffsetDelete, "OffsetDelete", {0, 0}, kNeverFlexible};
  using Response = OffsetDeleteResponse;

  struct Partition {
    PartitionId partition_index{0};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
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
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.group_id);
    visit(self.topics);
  }
};

struct OffsetDeleteResponse {
  static constexpr Api kApi = OffsetDeleteRequest::kApi;

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

  KafkaError error_code = KafkaError::kNone;
  int32_t throttle_time_ms = 0;
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.error_code);
    visit(self.throttle_time_ms);
    visit(self.topics);
  }
};

}  // namespace omashu::broker
