// Metadata: the brokers, and the topics with their partitions.
//
//   0  an empty list asks for all topics; from 1 on null does
//   4  the client says whether topics may be made
//   7  leader epochs
//   9  flexible
//  10  topic ids; 12 asks by them, with a null name

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

struct MetadataResponse;

struct MetadataRequest {
  static constexpr Api kApi{ApiKey::kMetadata, "Metadata", {0, 12}, 9};
  using Response = MetadataResponse;

  struct Topic {
    Uuid topic_id = {};
    std::optional<std::string_view> name = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic_id, since(10));
      visit(self.name, nullable_since(10));
    }
  };

  std::optional<std::vector<Topic>> topics = {};
  bool allow_auto_topic_creation = true;
  bool include_cluster_authorized_operations = false;
  bool include_topic_authorized_operations = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics, nullable_since(1));
    visit(self.allow_auto_topic_creation, since(4));
    visit(self.include_cluster_authorized_operations, between(8, 10));
    visit(self.include_topic_authorized_operations, since(8));
  }
};

struct MetadataResponse {
  static constexpr Api kApi = MetadataRequest::kApi;

  struct Broker {
    int32_t node_id = 0;
    std::string host = {};
    int32_t port = 0;
    std::optional<std::string> rack = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.node_id);
      visit(self.host);
      visit(self.port);
      visit(self.rack, since(1));
    }
  };

  struct Partition {
    KafkaError error_code = KafkaError::kNone;
    PartitionId partition_index{0};
    int32_t leader_id = 0;
    int32_t leader_epoch = -1;
    std::vector<int32_t> replica_nodes = {};
    std::vector<int32_t> isr_nodes = {};
    std::vector<int32_t> offline_replicas = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.partition_index);
      visit(self.leader_id);
      visit(self.leader_epoch, since(7));
      visit(self.replica_nodes);
      visit(self.isr_nodes);
      visit(self.offline_replicas, since(5));
    }
  };

  struct Topic {
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> name = {};  // null where an id is not known
    Uuid topic_id = {};
    bool is_internal = false;
    std::vector<Partition> partitions = {};
    int32_t topic_authorized_operations = kOperationsNotRequested;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.name, nullable_since(12));
      visit(self.topic_id, since(10));
      visit(self.is_internal, since(1));
      visit(self.partitions);
      visit(self.topic_authorized_operations, since(8));
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Broker> brokers = {};
  std::optional<std::string> cluster_id = {};
  int32_t controller_id = -1;
  std::vector<Topic> topics = {};
  int32_t cluster_authorized_operations = kOperationsNotRequested;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(3));
    visit(self.brokers);
    visit(self.cluster_id, since(2));
    visit(self.controller_id, since(1));
    visit(self.topics);
    visit(self.cluster_authorized_operations, between(8, 10));
  }
};

}  // namespace omashu::broker
