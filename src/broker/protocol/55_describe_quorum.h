// DescribeQuorum: the voters that keep the cluster's metadata. All versions are flexible.
//
//   1  when replicas fetched last (KIP-836)
//   2  error messages, nodes, directories (KIP-853)

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

struct DescribeQuorumResponse;

struct DescribeQuorumRequest {
  static constexpr Api kApi{ApiKey::kDescribeQuorum, "DescribeQuorum", {0, 2}, 0};
  using Response = DescribeQuorumResponse;

  struct Partition {
    PartitionId partition_index{0};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
    }
  };

  struct Topic {
    std::string_view topic_name = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic_name);
      visit(self.partitions);
    }
  };

  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics);
  }
};

struct DescribeQuorumResponse {
  static constexpr Api kApi = DescribeQuorumRequest::kApi;

  struct Replica {
    int32_t replica_id = 0;
    Uuid replica_directory_id = {};
    Offset log_end_offset = kNoOffset;
    int64_t last_fetch_timestamp = -1;
    int64_t last_caught_up_timestamp = -1;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.replica_id);
      visit(self.replica_directory_id, since(2));
      visit(self.log_end_offset);
      visit(self.last_fetch_timestamp, since(1));
      visit(self.last_caught_up_timestamp, since(1));
    }
  };

  struct Partition {
    PartitionId partition_index{0};
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};
    int32_t leader_id = -1;
    int32_t leader_epoch = 0;
    Offset high_watermark{0};
    std::vector<Replica> current_voters = {};
    std::vector<Replica> observers = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.error_code);
      visit(self.error_message, since(2));
      visit(self.leader_id);
      visit(self.leader_epoch);
      visit(self.high_watermark);
      visit(self.current_voters);
      visit(self.observers);
    }
  };

  struct Topic {
    std::string topic_name = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic_name);
      visit(self.partitions);
    }
  };

  struct Listener {
    std::string name = {};
    std::string host = {};
    uint16_t port = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.host);
      visit(self.port);
    }
  };

  struct Node {
    int32_t node_id = 0;
    std::vector<Listener> listeners = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.node_id);
      visit(self.listeners);
    }
  };

  KafkaError error_code = KafkaError::kNone;
  std::optional<std::string> error_message = {};
  std::vector<Topic> topics = {};
  std::vector<Node> nodes = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.error_code);
    visit(self.error_message, since(2));
    visit(self.topics);
    visit(self.nodes, since(2));
  }
};

}  // namespace omashu::broker
