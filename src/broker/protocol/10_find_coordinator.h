// FindCoordinator: who looks after a group or a transactional id.
//
//   1  transactional ids, and an error message
//   3  flexible
//   4  many keys in one request

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct FindCoordinatorResponse;

struct FindCoordinatorRequest {
  static constexpr Api kApi{ApiKey::kFindCoordinator, "FindCoordinator", {0, 4}, 3};
  using Response = FindCoordinatorResponse;

  static constexpr int8_t kGroup = 0;
  static constexpr int8_t kTransaction = 1;

  std::string_view key = {};
  int8_t key_type = kGroup;
  std::vector<std::string_view> coordinator_keys = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.key, until(3));
    visit(self.key_type, since(1));
    visit(self.coordinator_keys, since(4));
  }
};

struct FindCoordinatorResponse {
  static constexpr Api kApi = FindCoordinatorRequest::kApi;

  struct Coordinator {
    std::string key = {};
    int32_t node_id = -1;
    std::string host = {};
    int32_t port = -1;
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.key);
      visit(self.node_id);
      visit(self.host);
      visit(self.port);
      visit(self.error_code);
      visit(self.error_message);
    }
  };

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  std::optional<std::string> error_message = {};
  int32_t node_id = -1;
  std::string host = {};
  int32_t port = -1;
  std::vector<Coordinator> coordinators = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(1));
    visit(self.error_code, until(3));
    visit(self.error_message, between(1, 3));
    visit(self.node_id, until(3));
    visit(self.host, until(3));
    visit(self.port, until(3));
    visit(self.coordinators, since(4));
  }
};

}  // namespace omashu::broker
