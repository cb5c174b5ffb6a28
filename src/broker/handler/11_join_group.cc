// JoinGroup, 0 to 9. Answered when the rebalance is over.
//
//   0  has no rebalance timeout: the session timeout is both
//   4  a new member gets an id first, and must come back with it (KIP-394)
//   9  a leader may be told to leave the assignments as they are (KIP-814)

#include "broker/protocol/11_join_group.h"

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr int16_t kFirstVersionWithRebalanceTimeout = 1;
constexpr int16_t kFirstVersionThatRequiresMemberId = 4;
constexpr int16_t kFirstVersionWithSkipAssignment = 9;

JoinGroupResponse response_of(JoinGroupAnswer answer) {
  JoinGroupResponse response{.error_code = answer.error,
                             .generation_id = answer.generation_id,
                             .protocol_type = std::move(answer.protocol_type),
                             .protocol_name = std::move(answer.protocol_name),
                             .leader = std::move(answer.leader),
                             .skip_assignment = answer.skip_assignment,
                             .member_id = std::move(answer.member_id)};
  for (JoinGroupAnswer::Member& member : answer.members) {
    response.members.push_back(
        {std::move(member.member_id), std::move(member.group_instance_id), Bytes{std::move(member.metadata)}});
  }
  return response;
}

}  // namespace

void handle_join_group(Broker& broker, const RequestContext& context, const JoinGroupRequest& request,
                       Reply<JoinGroupResponse> reply) {
  const int16_t version = context.api_version;
  const std::string client_host = "/" + context.peer.host;  // as Java writes an address
  JoinGroup join{.group_id = request.group_id,
                 .member_id = request.member_id,
                 .group_instance_id = request.group_instance_id,
                 .client_id = context.client_id,
                 .client_host = client_host,
                 .session_timeout_ms = request.session_timeout_ms,
                 .rebalance_timeout_ms = version >= kFirstVersionWithRebalanceTimeout ? request.rebalance_timeout_ms
                                                                                      : request.session_timeout_ms,
                 .protocol_type = request.protocol_type,
                 .requires_member_id = version >= kFirstVersionThatRequiresMemberId,
                 .may_skip_assignment = version >= kFirstVersionWithSkipAssignment};
  for (const JoinGroupRequest::Protocol& each : request.protocols) {
    join.protocols.push_back({each.name, each.metadata.data});
  }
  broker.groups().join(
      join, [reply = std::move(reply)](JoinGroupAnswer answer) mutable { reply(response_of(std::move(answer))); });
}

}  // namespace omashu::broker
