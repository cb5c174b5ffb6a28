// One member of a group.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/group/group_messages.h"

namespace omashu::broker {

struct GroupMember {
  struct Protocol {
    std::string name = {};
    std::string metadata = {};
  };

  std::string member_id = {};
  std::optional<std::string> group_instance_id = {};  // of static members (KIP-345)
  std::string client_id = {};
  std::string client_host = {};
  int32_t session_timeout_ms = 0;
  int32_t rebalance_timeout_ms = 0;
  std::vector<Protocol> protocols = {};  // the preferred first
  std::string assignment = {};           // in the last generation that became stable

  std::optional<RequestId> join = {};  // waits for the rebalance to end
  std::optional<RequestId> sync = {};  // waits for the leader's assignments
  bool is_new = true;                  // was in no generation yet
  bool owes_sync = false;              // was told of the generation, and has not asked for its assignment
  int64_t session_deadline_ms = 0;

  // A member that waits for an answer cannot send heartbeats. But a new one may be gone for good: it does not know its
  // id, so nobody else can say so.
  bool can_expire() const { return is_new || (!join && !sync); }

  bool supports(std::string_view protocol) const { return find(protocol) != nullptr; }

  std::string_view metadata_for(std::string_view protocol) const {
    const Protocol* found = find(protocol);
    return found != nullptr ? std::string_view(found->metadata) : std::string_view();
  }

  bool has_same_protocols(const std::vector<JoinGroup::Protocol>& others) const {
    return std::equal(
        protocols.begin(), protocols.end(), others.begin(), others.end(),
        [](const Protocol& a, const JoinGroup::Protocol& b) { return a.name == b.name && a.metadata == b.metadata; });
  }

 private:
  const Protocol* find(std::string_view protocol) const {
    for (const Protocol& each : protocols) {
      if (each.name == protocol) return &each;
    }
    return nullptr;
  }
};

}  // namespace omashu::broker
