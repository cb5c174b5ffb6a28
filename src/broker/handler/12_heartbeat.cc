// Heartbeat, 0 to 4.

#include "broker/protocol/12_heartbeat.h"

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {

HeartbeatResponse handle_heartbeat(Broker& broker, const RequestContext&, const HeartbeatRequest& request) {
  return {.error_code = broker.groups().heartbeat({.group_id = request.group_id,
                                                   .generation_id = request.generation_id,
                                                   .member_id = request.member_id,
                                                   .group_instance_id = request.group_instance_id})};
}

}  // namespace omashu::broker
