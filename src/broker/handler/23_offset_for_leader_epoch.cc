// OffsetForLeaderEpoch, 2 to 4. Every record is of the one epoch that there is, which goes on: it ends where the log
// ends. Of other epochs nothing is known, which is no error.

#include "broker/protocol/23_offset_for_leader_epoch.h"

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using RequestPartition = OffsetForLeaderEpochRequest::Partition;
using ResponsePartition = OffsetForLeaderEpochResponse::Partition;

ResponsePartition find_end(const Topic* topic, const RequestPartition& request_partition) {
  const auto refuse = [&](KafkaError error) {
    return ResponsePartition{.error_code = error, .partition = request_partition.partition};
  };
  const Partition* partition = find_partition(topic, request_partition.partition);
  if (partition == nullptr) return refuse(KafkaError::kUnknownTopicOrPartition);
  if (request_partition.current_leader_epoch > Broker::kLeaderEpoch) return refuse(KafkaError::kUnknownLeaderEpoch);
  if (request_partition.leader_epoch != Broker::kLeaderEpoch) return {.partition = request_partition.partition};
  const auto offsets = partition->log()->offsets();
  if (!offsets) return refuse(KafkaError::kKafkaStorageError);
  return {.partition = request_partition.partition,
          .leader_epoch = Broker::kLeaderEpoch,
          .end_offset = offsets->log_end_offset};
}

}  // namespace

OffsetForLeaderEpochResponse handle_offset_for_leader_epoch(Broker& broker, const RequestContext&,
                                                            const OffsetForLeaderEpochRequest& request) {
  OffsetForLeaderEpochResponse response;
  for (const auto& request_topic : request.topics) {
    const TopicPtr topic = broker.topics().find(request_topic.topic);
    OffsetForLeaderEpochResponse::Topic& response_topic = response.topics.emplace_back();
    response_topic.topic = request_topic.topic;
    for (const RequestPartition& partition : request_topic.partitions)
      response_topic.partitions.push_back(find_end(topic.get(), partition));
  }
  return response;
}

}  // namespace omashu::broker
