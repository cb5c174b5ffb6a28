// ListPartitionReassignments: the partitions that are on their way to other brokers. All versions are flexible.

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

struct ListPartitionReassignmentsResponse;

struct ListPartitionReassignmentsRequest {
  static constexpr Api kApi{ApiKey::kListPartitionReassignments, "ListPartitionReassignments", {0, 0}, 0};
  using Response = ListPartitionReassignmentsResponse;

  struct Topic {
    std::string_view name = {};
    std::vector<PartitionId> partition_indexes = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.partition_indexes);
    }
  };

  int32_t timeout_ms = 60000;
  std::optional<std::vector<Topic>> topics = {};  // null: all

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.timeout_ms);
    visit(self.topics);
  }
};

struct ListPartitionReassignmentsResponse {
  static constexpr Api kApi = ListPartitionReassignmentsRequest::kApi;

  struct Partition {
    PartitionId partition_index{0};
    std::vector<int32_t> replicas = {};
    std::vector<int32_t> adding_replicas = {};
    std::vector<int32_t> removing_replicas = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.replicas);
      visit(self.adding_replicas);
      visit(self.removing_replicas);
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
  KafkaError error_code = KafkaError::kNone;
  std::optional<std::string> error_message = {};
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.error_code);
    visit(self.error_message);
    visit(self.topics);
  }
};

}  // namespace omashu::broker
