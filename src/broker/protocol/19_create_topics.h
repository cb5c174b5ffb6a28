// CreateTopics.
//
//   4  -1 partitions and a replication factor of -1 are the broker's defaults
//   5  flexible; the answer tells partitions, replication factor and configs
//   7  the answer has the topic's id

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/partition_id.h"
#include "broker/protocol/config_types.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct CreateTopicsResponse;

struct CreateTopicsRequest {
  static constexpr Api kApi{ApiKey::kCreateTopics, "CreateTopics", {2, 7}, 5};
  using Response = CreateTopicsResponse;

  struct Assignment {
    PartitionId partition_index{0};
    std::vector<int32_t> broker_ids = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.broker_ids);
    }
  };

  struct Config {
    std::string_view name = {};
    std::optional<std::string_view> value = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.value);
    }
  };

  struct Topic {
    std::string_view name = {};
    int32_t num_partitions = -1;
    int16_t replication_factor = -1;
    std::vector<Assignment> assignments = {};
    std::vector<Config> configs = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.num_partitions);
      visit(self.replication_factor);
      visit(self.assignments);
      visit(self.configs);
    }
  };

  std::vector<Topic> topics = {};
  int32_t timeout_ms = 60'000;
  bool validate_only = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics);
    visit(self.timeout_ms);
    visit(self.validate_only);
  }
};

struct CreateTopicsResponse {
  static constexpr Api kApi = CreateTopicsRequest::kApi;

  struct Config {
    std::string name = {};
    std::optional<std::string> value = {};
    bool read_only = false;
    ConfigSource config_source = ConfigSource::kUnknown;
    bool is_sensitive = false;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.value);
      visit(self.read_only);
      visit(self.config_source);
      visit(self.is_sensitive);
    }
  };

  struct Topic {
    std::string name = {};
    Uuid topic_id = {};
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};
    int32_t num_partitions = -1;
    int16_t replication_factor = -1;
    std::optional<std::vector<Config>> configs = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.topic_id, since(7));
      visit(self.error_code);
      visit(self.error_message);
      visit(self.num_partitions, since(5));
      visit(self.replication_factor, since(5));
      visit(self.configs, since(5));
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
