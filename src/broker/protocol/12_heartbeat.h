// Heartbeat: a member is there, and learns of a rebalance.
//
//   3  static members
//   4  flexible

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct HeartbeatResponse;

struct HeartbeatRequest {
  static constexpr Api kApi{ApiKey::kHeartbeat, "Heartbeat", {0, 4}, 4};
  using Response = HeartbeatResponse;

  std::string_view group_id = {};
  int32_t generation_id = 0;
  std::string_view member_id = {};
  std::optional<std::string_view> group_instance_id = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.group_id);
    visit(self.generation_id);
    visit(self.member_id);
    visit(self.group_instance_id, since(3));
  }
};

struct HeartbeatResponse {
  static constexpr Api kApi = HeartbeatRequest::kApi;

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(1));
    visit(self.error_code);
  }
};

}  // namespace omashu::broker
