// SyncGroup, 0 to 5. Answered when the leader's assignments are as durable as records with acks=all.
//
//   5  must name the protocol

#include "broker/protocol/14_sync_group.h"

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr int16_t kFirstVersionWithProtocol = 5;

SyncGroupResponse response_of(SyncGroupAnswer answer) {
  return {.error_code = answer.error,
          .protocol_type = std::move(answer.protocol_type),
          .protocol_name = std::move(answer.protocol_name),
          .assignment = Bytes{std::move(answer.assignment)}};
}

}  // namespace

void handle_sync_group(Broker& broker, const RequestContext& context, const SyncGroupRequest& request,
                       Reply<SyncGroupResponse> reply) {
  if (context.api_version >= kFirstVersionWithProtocol && (!request.protocol_type || !request.protocol_name)) {
    return reply({.error_code = KafkaError::kInconsistentGroupProtocol});
  }
  SyncGroup sync{.group_id = request.group_id,
                 .generation_id = request.generation_id,
                 .member_id = request.member_id,
                 .group_instance_id = request.group_instance_id,
                 .protocol_type = request.protocol_type,
                 .protocol_name = request.protocol_name};
  for (const SyncGroupRequest::Assignment& each : request.assignments) {
    sync.assignments.push_back({each.member_id, each.assignment.data});
  }
  broker.groups().sync(
      sync, [reply = std::move(reply)](SyncGroupAnswer answer) mutable { reply(response_of(std::move(answer))); });
}

}  // namespace omashu::broker
