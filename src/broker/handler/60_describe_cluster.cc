// DescribeCluster, 0 and 1. One broker, which is the controller. Clients of controllers are sent away: there is no
// listener for them.
//
// Left out: rack.

#include "broker/protocol/60_describe_cluster.h"

#include <fmt/core.h>

#include "broker/handler/authorized_operations.h"
#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr int8_t kBrokers = 1;
constexpr int8_t kControllers = 2;

}  // namespace

DescribeClusterResponse handle_describe_cluster(Broker& broker, const RequestContext& context,
                                                const DescribeClusterRequest& request) {
  if (request.endpoint_type == kControllers) {
    return {.error_code = KafkaError::kMismatchedEndpointType,
            .error_message = "The request was sent to an endpoint of type BROKER.",
            .endpoint_type = kBrokers};
  }
  if (request.endpoint_type != kBrokers) {
    return {.error_code = KafkaError::kUnsupportedEndpointType,
            .error_message = fmt::format("Unsupported endpoint type {}", request.endpoint_type)};
  }
  const Endpoint& here = context.peer.advertised;
  const int32_t node_id = broker.options().node_id;
  DescribeClusterResponse response{.cluster_id = broker.topics().cluster_id(),
                                   .controller_id = node_id,
                                   .brokers = {{.broker_id = node_id, .host = here.host, .port = here.port}}};
  if (request.include_cluster_authorized_operations) response.cluster_authorized_operations = kClusterOperations;
  return response;
}

}  // namespace omashu::broker
