// FindCoordinator, 0 to 4. There is one node, and it looks after every group.
//
// Left out: transactions. A transactional id is answered with TRANSACTIONAL_ID_AUTHORIZATION_FAILED: of the errors that
// this API has, librdkafka (2.8) and Java's client (4.3) both take it for fatal, so that a transactional producer fails
// at once. INVALID_REQUEST, COORDINATOR_NOT_AVAILABLE and UNSUPPORTED_VERSION make librdkafka ask again forever.

#include "broker/protocol/10_find_coordinator.h"

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

FindCoordinatorResponse::Coordinator find(Broker& broker, const RequestContext& context, std::string_view key,
                                          int8_t key_type) {
  using Coordinator = FindCoordinatorResponse::Coordinator;
  if (key_type != FindCoordinatorRequest::kGroup) {
    return Coordinator{.key = std::string(key),
                       .error_code = KafkaError::kTransactionalIdAuthorizationFailed,
                       .error_message = "This broker has no transactions; use a producer without transactional.id."};
  }
  if (const KafkaError error = broker.groups().error(); error != KafkaError::kNone) {
    return Coordinator{.key = std::string(key),
                       .error_code = error,
                       .error_message = "The groups of this broker cannot be read; its log says why."};
  }
  const Endpoint& here = context.peer.advertised;
  return Coordinator{
      .key = std::string(key), .node_id = broker.options().node_id, .host = here.host, .port = here.port};
}

}  // namespace

FindCoordinatorResponse handle_find_coordinator(Broker& broker, const RequestContext& context,
                                                const FindCoordinatorRequest& request) {
  FindCoordinatorResponse response;
  if (context.api_version >= 4) {
    for (const std::string_view key : request.coordinator_keys) {
      response.coordinators.push_back(find(broker, context, key, request.key_type));
    }
    return response;
  }
  auto coordinator = find(broker, context, request.key, request.key_type);
  response.error_code = coordinator.error_code;
  response.error_message = std::move(coordinator.error_message);
  response.node_id = coordinator.node_id;
  response.host = std::move(coordinator.host);
  response.port = coordinator.port;
  return response;
}

}  // namespace omashu::broker
