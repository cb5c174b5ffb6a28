// LeaveGroup: members go.
//
//   3  many in one request; static ones by their instance id
//   4  flexible
//   5  why they go

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct LeaveGroupResponse;

struct LeaveGroupRequest {
  static constexpr Api kApi{ApiKey::kLeaveGroup, "LeaveGroup", {0, 5}, 4};
  using Response = LeaveGroupResponse;

  struct Member {
    std::string_view member_id = {};
    std::optional<std::string_view> group_instance_id = {};
    std::optional<std::string_view> reason = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.member_id);
      visit(self.group_instance_id);
      visit(self.reason, since(5));
    }
  };

  std::string_view group_id = {};
  std::string_view member_id = {};
  std::vector<Member> members = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.group_id);
    visit(self.member_id, until(2));
    visit(self.members, since(3));
  }
};

struct LeaveGroupResponse {
  static constexpr Api kApi = LeaveGroupRequest::kApi;

  struct Member {
    std::string member_id = {};
    std::optional<std::string> group_instance_id = {};
    KafkaError error_code = KafkaError::kNone;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.member_id);
      visit(self.group_instance_id);
      visit(self.error_code);
    }
  };

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  std::vector<Member> members = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(1));
    visit(self.error_code);
    visit(self.members, since(3));
  }
};

}  // namespace omashu::broker
