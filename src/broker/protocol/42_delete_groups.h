// DeleteGroups: groups without members, and their offsets.
//
//   2  flexible

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct DeleteGroupsResponse;

struct DeleteGroupsRequest {
  static constexpr Api kApi{ApiKey::kDeleteGroups, "DeleteGroups", {0, 2}, 2};
  using Response = DeleteGroupsResponse;

  std::vector<std::string_view> groups_names = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.groups_names);
  }
};

struct DeleteGroupsResponse {
  static constexpr Api kApi = DeleteGroupsRequest::kApi;

  struct Result {
    std::string group_id = {};
    KafkaError error_code = KafkaError::kNone;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.group_id);
      visit(self.error_code);
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
