// ListGroups: all groups of this broker.
//
//   3  flexible
//   4  by state
//   5  by type

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct ListGroupsResponse;

struct ListGroupsRequest {
  static constexpr Api kApi{ApiKey::kListGroups, "ListGroups", {0, 5}, 3};
  using Response = ListGroupsResponse;

  std::vector<std::string_view> states_filter = {};
  std::vector<std::string_view> types_filter = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.states_filter, since(4));
    visit(self.types_filter, since(5));
  }
};

struct ListGroupsResponse {
  static constexpr Api kApi = ListGroupsRequest::kApi;

  struct Group {
    std::string group_id = {};
    std::string protocol_type = {};
    std::string group_state = {};
    std::string group_type = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.group_id);
      visit(self.protocol_type);
      visit(self.group_state, since(4));
      visit(self.group_type, since(5));
    }
  };

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  std::vector<Group> groups = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(1));
    visit(self.error_code);
    visit(self.groups);
  }
};

}  // namespace omashu::broker
