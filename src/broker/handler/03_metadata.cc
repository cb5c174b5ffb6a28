// Metadata, 0 to 12. One broker, which is the controller and leads every partition.
//
// A topic that is not there is made, where the client and the options allow it, and is ready at once: clients need not
// ask again. Left out: rack, offline replicas.

#include "broker/protocol/03_metadata.h"

#include <algorithm>

#include "base/topic_name.h"
#include "broker/handler/authorized_operations.h"
#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"
#include "broker/handler/new_topic.h"

namespace omashu::broker {
namespace {

MetadataResponse::Topic describe(const Topic& topic, int32_t node_id) {
  MetadataResponse::Topic described{
      .name = topic.name, .topic_id = {topic.id}, .is_internal = topic.is_internal(), .partitions = {}};
  described.partitions.reserve(topic.partitions.size());
  for (const auto& partition : topic.partitions) {
    described.partitions.push_back({.partition_index = partition->index(),
                                    .leader_id = node_id,
                                    .leader_epoch = Broker::kLeaderEpoch,
                                    .replica_nodes = {node_id},
                                    .isr_nodes = {node_id}});
  }
  return described;
}

MetadataResponse::Topic find_and_describe(Broker& broker, const MetadataRequest::Topic& request_topic,
                                          bool may_create) {
  if (!request_topic.name) {
    const TopicPtr topic = broker.topics().find(request_topic.topic_id.bytes);
    if (topic != nullptr) return describe(*topic, broker.options().node_id);
    return {.error_code = KafkaError::kUnknownTopicId, .topic_id = request_topic.topic_id};
  }
  const std::string_view name = *request_topic.name;
  TopicPtr topic = broker.topics().find(name);
  if (topic == nullptr && may_create) topic = create_automatically(broker, name);
  if (topic != nullptr) return describe(*topic, broker.options().node_id);
  const bool is_legal = !topic_name_problem(name);
  return {.error_code = is_legal ? KafkaError::kUnknownTopicOrPartition : KafkaError::kInvalidTopicException,
          .name = std::string(name)};
}

std::vector<MetadataResponse::Topic> describe_topics(Broker& broker, const RequestContext& context,
                                                     const MetadataRequest& request) {
  std::vector<MetadataResponse::Topic> described;
  const bool wants_all = !request.topics || (context.api_version == 0 && request.topics->empty());
  if (wants_all) {
    for (const TopicPtr& topic : broker.topics().all()) described.push_back(describe(*topic, broker.options().node_id));
    return described;
  }
  const bool may_create = request.allow_auto_topic_creation && broker.options().auto_create_topics;
  for (const auto& topic : *request.topics) described.push_back(find_and_describe(broker, topic, may_create));
  return described;
}

}  // namespace

MetadataResponse handle_metadata(Broker& broker, const RequestContext& context, const MetadataRequest& request) {
  const int32_t node_id = broker.options().node_id;
  MetadataResponse response{.cluster_id = broker.topics().cluster_id(), .controller_id = node_id};
  response.brokers.push_back(
      {.node_id = node_id, .host = context.peer.advertised.host, .port = context.peer.advertised.port});
  response.topics = describe_topics(broker, context, request);
  if (request.include_topic_authorized_operations) {
    for (auto& topic : response.topics) topic.topic_authorized_operations = kTopicOperations;
  }
  if (request.include_cluster_authorized_operations) response.cluster_authorized_operations = kClusterOperations;
  return response;
}

}  // namespace omashu::broker
