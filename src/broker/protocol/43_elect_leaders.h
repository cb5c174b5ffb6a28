// ElectLeaders: makes a preferred or any live replica the leader of partitions.
//
//   1  the type of the election, and an error for the whole request
//   2  flexible

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

struct ElectLeadersResponse;

struct ElectLeadersRequest {
  static constexpr Api kApi{ApiKey::kElectLeaders, "ElectLeaders", {0, 2}, 2};
  using Response = ElectLeadersResponse;

  static constexpr int8_t kPreferred = 0;
  static constexpr int8_t kUnclean = 1;

  struct Topic {
    std::string_view topic = {};
    std::vector<PartitionId> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic);
      visit(self.partitions);
    }
  };

  int8_t election_type = kPreferred;
  std::optional<std::vector<Topic>> topic_partitions = {};  // null: all
  int32_t timeout_ms = 60000;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.election_type, since(1));
    visit(self.topic_partitions);
    visit(self.timeout_ms);
  }
};

struct ElectLeadersResponse {
  static constexpr Api kApi = ElectLeadersRequest::kApi;

  struct Partition {
    PartitionId partition_id{0};
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_id);
      visit(self.error_code);
      visit(self.error_message);
    }
  };

  struct Topic {
    std::string topic = {};
    std::vector<Partition> partition_result = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic);
      visit(self.partition_result);
    }
  };

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  std::vector<Topic> replica_election_results = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.error_code, since(1));
    visit(self.replica_election_results);
  }
};

}  // namespace omashu::broker
