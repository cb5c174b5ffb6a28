// DescribeGroups: the state of groups and their members.
//
//   3  authorized operations
//   4  static members
//   5  flexible

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct DescribeGroupsResponse;

struct DescribeGroupsRequest {
  static constexpr Api kApi{ApiKey::kDescribeGroups, "DescribeGroups", {0, 5}, 5};
  using Response = DescribeGroupsResponse;

  std::vector<std::string_view> groups = {};
  bool include_authorized_operations = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.groups);
    visit(self.include_authorized_operations, since(3));
  }
};

struct DescribeGroupsResponse {
  static constexpr Api kApi = DescribeGroupsRequest::kApi;

  struct Member {
    std::string member_id = {};
    std::optional<std::string> group_instance_id = {};
    std::string client_id = {};
    std::string client_host = {};
    Bytes member_metadata = {};
    Bytes member_assignment = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.member_id);
      visit(self.group_instance_id, since(4));
      visit(self.client_id);
      visit(self.client_host);
      visit(self.member_metadata);
      visit(self.member_assignment);
    }
  };

  struct Group {
    KafkaError error_code = KafkaError::kNone;
    std::string group_id = {};
    std::string group_state = {};
    std::string protocol_type = {};
    std::string protocol_data = {};
    std::vector<Member> members = {};
    int32_t authorized_operations = kOperationsNotRequested;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.group_id);
      visit(self.group_state);
      visit(self.protocol_type);
      visit(self.protocol_data);
      visit(self.members);
      visit(self.authorized_operations, since(3));
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Group> groups = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(1));
    visit(self.groups);
  }
};

}  // namespace omashu::broker
