// DescribeGroups, 0 to 5. A group that is not there is "Dead", without an error.

#include "broker/protocol/15_describe_groups.h"

#include "broker/handler/authorized_operations.h"
#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

DescribeGroupsResponse::Group describe(std::string_view group_id, GroupDescription description) {
  DescribeGroupsResponse::Group group{.group_id = std::string(group_id),
                                      .group_state = std::string(description.state),
                                      .protocol_type = std::move(description.protocol_type),
                                      .protocol_data = std::move(description.protocol_name)};
  for (GroupDescription::Member& member : description.members) {
    group.members.push_back({.member_id = std::move(member.member_id),
                             .group_instance_id = std::move(member.group_instance_id),
                             .client_id = std::move(member.client_id),
                             .client_host = std::move(member.client_host),
                             .member_metadata = Bytes{std::move(member.metadata)},
                             .member_assignment = Bytes{std::move(member.assignment)}});
  }
  return group;
}

}  // namespace

DescribeGroupsResponse handle_describe_groups(Broker& broker, const RequestContext&,
                                              const DescribeGroupsRequest& request) {
  DescribeGroupsResponse response;
  if (const KafkaError error = broker.groups().error(); error != KafkaError::kNone) {
    for (const std::string_view group_id : request.groups) {
      response.groups.push_back({.error_code = error, .group_id = std::string(group_id)});
    }
    return response;
  }
  return broker.groups().read([&](const GroupCoordinator& groups) {
    for (const std::string_view group_id : request.groups) {
      response.groups.push_back(describe(group_id, groups.describe_group(group_id)));
      if (request.include_authorized_operations) response.groups.back().authorized_operations = kGroupOperations;
    }
    return response;
  });
}

}  // namespace omashu::broker
