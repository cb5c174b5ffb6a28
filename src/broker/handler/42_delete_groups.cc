// DeleteGroups, 0 to 2. Answered when the deletion is as durable as records with acks=all.

#include "broker/protocol/42_delete_groups.h"

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {

void handle_delete_groups(Broker& broker, const RequestContext&, const DeleteGroupsRequest& request,
                          Reply<DeleteGroupsResponse> reply) {
  broker.groups().delete_groups(request.groups_names, [reply = std::move(reply)](DeleteGroupsAnswer answer) mutable {
    DeleteGroupsResponse response;
    for (DeleteGroupsAnswer::Group& group : answer.groups) {
      response.results.push_back({std::move(group.group_id), group.error});
    }
    reply(response);
  });
}

}  // namespace omashu::broker
