// ElectLeaders, 0 to 2. The one node leads every partition, so no election is ever needed. Where the request names no
// partitions, Kafka tells those alone that got another leader: here none.

#include "broker/protocol/43_elect_leaders.h"

#include <fmt/core.h>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {

ElectLeadersResponse handle_elect_leaders(Broker& broker, const RequestContext&, const ElectLeadersRequest& request) {
  ElectLeadersResponse response;
  const int8_t type = request.election_type;
  if (type != ElectLeadersRequest::kPreferred && type != ElectLeadersRequest::kUnclean) {
    response.error_code = KafkaError::kInvalidRequest;
    return response;
  }
  if (!request.topic_partitions) return response;
  for (const auto& request_topic : *request.topic_partitions) {
    const TopicPtr topic = broker.topics().find(request_topic.topic);
    auto& elected = response.replica_election_results.emplace_back();
    elected.topic = request_topic.topic;
    for (const PartitionId index : request_topic.partitions) {
      auto& partition = elected.partition_result.emplace_back();
      partition.partition_id = index;
      const bool is_there = find_partition(topic.get(), index) != nullptr;
      partition.error_code = is_there ? KafkaError::kElectionNotNeeded : KafkaError::kUnknownTopicOrPartition;
      partition.error_message = is_there ? "The broker leads this partition already."
                                         : fmt::format("There is no partition {}-{}.", request_topic.topic, index);
    }
  }
  return response;
}

}  // namespace omashu::broker
