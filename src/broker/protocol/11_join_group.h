// JoinGroup: a member comes, or says that it is ready for the next generation. The metadata is its protocol's own.
//
//   1  the rebalance timeout; before, the session timeout is both
//   4  a member without an id is given one first (MEMBER_ID_REQUIRED)
//   5  static members
//   6  flexible
//   7  the answer has the protocol's type, and may have no protocol
//   8  why it joins
//   9  the leader may be told to leave the assignment as it is

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct JoinGroupResponse;

struct JoinGroupRequest {
  static constexpr Api kApi{ApiKey::kJoinGroup, "JoinGroup", {0, 9}, 6};
  using Response = JoinGroupResponse;

  struct Protocol {
    std::string_view name = {};
    BytesView metadata = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.metadata);
    }
  };

  std::string_view group_id = {};
  int32_t session_timeout_ms = 0;
  int32_t rebalance_timeout_ms = -1;
  std::string_view member_id = {};
  std::optional<std::string_view> group_instance_id = {};
  std::string_view protocol_type = {};
  std::vector<Protocol> protocols = {};
  std::optional<std::string_view> reason = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.group_id);
    visit(self.session_timeout_ms);
    visit(self.rebalance_timeout_ms, since(1));
    visit(self.member_id);
    visit(self.group_instance_id, since(5));
    visit(self.protocol_type);
    visit(self.protocols);
    visit(self.reason, since(8));
  }
};

struct JoinGroupResponse {
  static constexpr Api kApi = JoinGroupRequest::kApi;

  struct Member {
    std::string member_id = {};
    std::optional<std::string> group_instance_id = {};
    Bytes metadata = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.member_id);
      visit(self.group_instance_id, since(5));
      visit(self.metadata);
    }
  };

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  int32_t generation_id = -1;
  std::optional<std::string> protocol_type = {};
  std::optional<std::string> protocol_name = {};
  std::string leader = {};
  bool skip_assignment = false;
  std::string member_id = {};
  std::vector<Member> members = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(2));
    visit(self.error_code);
    visit(self.generation_id);
    visit(self.protocol_type, since(7));
    visit(self.protocol_name, nullable_since(7));
    visit(self.leader);
    visit(self.skip_assignment, since(9));
    visit(self.member_id);
    visit(self.members);
  }
};

}  // namespace omashu::broker
