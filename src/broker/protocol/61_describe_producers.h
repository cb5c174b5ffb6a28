// DescribeProducers: the idempotent and transactional producers that a partition remembers. All versions are flexible.

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
#include "broker/protocol/producer_id.h"

namespace omashu::broker {

struct DescribeProducersResponse;

struct DescribeProducersRequest {
  static constexpr Api kApi{ApiKey::kDescribeProducers, "DescribeProducers", {0, 0}, 0};
  using Response = DescribeProducersResponse;

  struct Topic {
    std::string_view name = {};
    std::vector<PartitionId> partition_indexes = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.partition_indexes);
    }
  };

  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics);
  }
};

struct DescribeProducersResponse {
  static constexpr Api kApi = DescribeProducersRequest::kApi;

  struct Producer {
    ProducerId producer_id = kNoProducerId;
    int32_t producer_epoch = -1;
    int32_t last_sequence = -1;
    int64_t last_timestamp = -1;
    int32_t coordinator_epoch = -1;
    Offset current_txn_start_offset = kNoOffset;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.producer_id);
      visit(self.producer_epoch);
      visit(self.last_sequence);
      visit(self.last_timestamp);
      visit(self.coordinator_epoch);
      visit(self.current_txn_start_offset);
    }
  };

  struct Partition {
    PartitionId partition_index{0};
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};
    std::vector<Producer> active_producers = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.error_code);
      visit(self.error_message);
      visit(self.active_producers);
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
