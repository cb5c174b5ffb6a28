// LeaveGroup, 0 to 5.
//
//   3  several members in one request, each with its own error; before, the one member's error is the answer's

#include "broker/protocol/13_leave_group.h"

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr int16_t kFirstVersionWithMembers = 3;

// Who was asked to leave, to be named in the answer.
using Leaving = std::vector<LeaveGroupResponse::Member>;

LeaveGroupResponse response_of(const LeaveGroupAnswer& answer, Leaving leaving, int16_t version) {
  LeaveGroupResponse response{.error_code = answer.error};
  if (answer.error != KafkaError::kNone) return response;
  if (version < kFirstVersionWithMembers) {
    response.error_code = answer.member_errors.at(0);
    return response;
  }
  for (size_t i = 0; i < leaving.size(); ++i) leaving[i].error_code = answer.member_errors.at(i);
  response.members = std::move(leaving);
  return response;
}

}  // namespace

void handle_leave_group(Broker& broker, const RequestContext& context, const LeaveGroupRequest& request,
                        Reply<LeaveGroupResponse> reply) {
  const int16_t version = context.api_version;
  LeaveGroup leave{.group_id = request.group_id};
  if (version < kFirstVersionWithMembers) {
    leave.members.push_back({.member_id = request.member_id});
  } else {
    for (const auto& each : request.members) leave.members.push_back({each.member_id, each.group_instance_id});
  }
  Leaving leaving;
  for (const LeaveGroup::Member& each : leave.members) {
    leaving.push_back({.member_id = std::string(each.member_id),
                       .group_instance_id = std::optional<std::string>(each.group_instance_id)});
  }
  broker.groups().leave(
      leave, [reply = std::move(reply), leaving = std::move(leaving), version](const LeaveGroupAnswer& answer) mutable {
        reply(response_of(answer, std::move(leaving), version));
      });
}

}  // namespace omashu::broker
