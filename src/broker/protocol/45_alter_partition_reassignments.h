// AlterPartitionReassignments: moves partitions to other brokers. All versions are flexible.
//
//   1  the number of replicas may be kept from changing

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/partition_id.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct AlterPartitionReassignmentsResponse;

struct AlterPartitionReassignmentsRequest {
  static constexpr Api kApi{ApiKey::kAlterPartitionReassignments, "AlterPartitionReassignments", {0, 1}, 0};
  using Response = AlterPartitionReassignmentsResponse;

  struct Partition {
    PartitionId partition_index{0};
    std::optional<std::vector<int32_t>> replicas = {};  // null: cancels the reassignment

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.replicas);
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

  int32_t timeout_ms = 60000;
  bool allow_replication_factor_change = true;
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.timeout_ms);
    visit(self.allow_replication_factor_change, since(1));
    visit(self.topics);
  }
};

struct AlterPartitionReassignmentsResponse {
  static constexpr Api kApi = AlterPartitionReassignmentsRequest::kApi;

  struct Partition {
    PartitionId partition_index{0};
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.error_code);
      visit(self.error_message);
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
  bool allow_replication_factor_change = true;
  KafkaError error_code = KafkaError::kNone;
  std::optional<std::string> error_message = {};
  std::vector<Topic> responses = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.allow_replication_factor_change, since(1));
    visit(self.error_code);
    visit(self.error_message);
    visit(self.responses);
  }
};

}  // namespace omashu::broker
