// DeleteTopics.
//
//   4  flexible
//   5  the answer has an error message
//   6  by name or by id

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct DeleteTopicsResponse;

struct DeleteTopicsRequest {
  static constexpr Api kApi{ApiKey::kDeleteTopics, "DeleteTopics", {1, 6}, 4};
  using Response = DeleteTopicsResponse;

  struct Topic {
    std::optional<std::string_view> name = {};
    Uuid topic_id = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.topic_id);
    }
  };

  std::vector<Topic> topics = {};
  std::vector<std::string_view> topic_names = {};
  int32_t timeout_ms = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics, since(6));
    visit(self.topic_names, until(5));
    visit(self.timeout_ms);
  }
};

struct DeleteTopicsResponse {
  static constexpr Api kApi = DeleteTopicsRequest::kApi;

  struct Result {
    std::optional<std::string> name = {};
    Uuid topic_id = {};
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name, nullable_since(6));
      visit(self.topic_id, since(6));
      visit(self.error_code);
      visit(self.error_message, since(5));
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Result> responses = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.responses);
  }
};

}  // namespace omashu::broker
