// SyncGroup: the leader brings what each member is to do, and each is told its own.
//
//   3  static members
//   4  flexible
//   5  the protocol's type and name, to be checked

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct SyncGroupResponse;

struct SyncGroupRequest {
  static constexpr Api kApi{ApiKey::kSyncGroup, "SyncGroup", {0, 5}, 4};
  using Response = SyncGroupResponse;

  struct Assignment {
    std::string_view member_id = {};
    BytesView assignment = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.member_id);
      visit(self.assignment);
    }
  };

  std::string_view group_id = {};
  int32_t generation_id = 0;
  std::string_view member_id = {};
  std::optional<std::string_view> group_instance_id = {};
  std::optional<std::string_view> protocol_type = {};
  std::optional<std::string_view> protocol_name = {};
  std::vector<Assignment> assignments = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.group_id);
    visit(self.generation_id);
    visit(self.member_id);
    visit(self.group_instance_id, since(3));
    visit(self.protocol_type, since(5));
    visit(self.protocol_name, since(5));
    visit(self.assignments);
  }
};

struct SyncGroupResponse {
  static constexpr Api kApi = SyncGroupRequest::kApi;

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  std::optional<std::string> protocol_type = {};
  std::optional<std::string> protocol_name = {};
  Bytes assignment = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(1));
    visit(self.error_code);
    visit(self.protocol_type, since(5));
    visit(self.protocol_name, since(5));
    visit(self.assignment);
  }
};

}  // namespace omashu::broker
