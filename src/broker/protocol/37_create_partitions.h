// CreatePartitions: a topic is to have more partitions.
//
//   2  flexible

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct CreatePartitionsResponse;

struct CreatePartitionsRequest {
  static constexpr Api kApi{ApiKey::kCreatePartitions, "CreatePartitions", {0, 3}, 2};
  using Response = CreatePartitionsResponse;

  struct Assignment {
    std::vector<int32_t> broker_ids = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.broker_ids);
    }
  };

  struct Topic {
    std::string_view name = {};
    int32_t count = 0;  // with those that are there
    std::optional<std::vector<Assignment>> assignments = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.count);
      visit(self.assignments);
    }
  };

  std::vector<Topic> topics = {};
  int32_t timeout_ms = 0;
  bool validate_only = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics);
    visit(self.timeout_ms);
    visit(self.validate_only);
  }
};

struct CreatePartitionsResponse {
  static constexpr Api kApi = CreatePartitionsRequest::kApi;

  struct Result {
    std::string name = {};
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.error_code);
      visit(self.error_message);
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Result> results = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.results);
  }
};

}  // namespace omashu::broker
