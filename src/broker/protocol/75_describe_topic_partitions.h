// DescribeTopicPartitions: topics a page at a time (KIP-966). All versions are flexible.

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

struct DescribeTopicPartitionsResponse;

struct DescribeTopicPartitionsRequest {
  static constexpr Api kApi{ApiKey::kDescribeTopicPartitions, "DescribeTopicPartitions", {0, 0}, 0};
  using Response = DescribeTopicPartitionsResponse;

  struct Topic {
    std::string_view name = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
    }
  };

  struct Cursor {
    std::string_view topic_name = {};
    PartitionId partition_index{0};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic_name);
      visit(self.partition_index);
    }
  };

  std::vector<Topic> topics = {};  // none: all
  int32_t response_partition_limit = 2000;
  std::optional<Cursor> cursor = {};  // where the page begins

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics);
    visit(self.response_partition_limit);
    visit(self.cursor);
  }
};

struct DescribeTopicPartitionsResponse {
  static constexpr Api kApi = DescribeTopicPartitionsRequest::kApi;

  struct Partition {
    KafkaError error_code = KafkaError::kNone;
    PartitionId partition_index{0};
    int32_t leader_id = -1;
    int32_t leader_epoch = -1;
    std::vector<int32_t> replica_nodes = {};
    std::vector<int32_t> isr_nodes = {};
    std::optional<std::vector<int32_t>> eligible_leader_replicas = {};
    std::optional<std::vector<int32_t>> last_known_elr = {};
    std::vector<int32_t> offline_replicas = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.partition_index);
      visit(self.leader_id);
      visit(self.leader_epoch);
      visit(self.replica_nodes);
      visit(self.isr_nodes);
      visit(self.eligible_leader_replicas);
      visit(self.last_known_elr);
      visit(self.offline_replicas);
    }
  };

  struct Topic {
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> name = {};
    Uuid topic_id = {};
    bool is_internal = false;
    std::vector<Partition> partitions = {};
    int32_t topic_authorized_operations = kOperationsNotRequested;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.name);
      visit(self.topic_id);
      visit(self.is_internal);
      visit(self.partitions);
      visit(self.topic_authorized_operations);
    }
  };

  struct Cursor {
    std::string topic_name = {};
    PartitionId partition_index{0};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic_name);
      visit(self.partition_index);
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Topic> topics = {};
  std::optional<Cursor> next_cursor = {};  // where the next page begins; null: there is none

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.topics);
    visit(self.next_cursor);
  }
};

}  // namespace omashu::broker
