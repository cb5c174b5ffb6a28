// OffsetDelete, 0. Answered when the deletion is as durable as records with acks=all. Offsets of topics that a member
// of the group reads are kept.

#include "broker/protocol/47_offset_delete.h"

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

DeleteOffsets::Topic topic_of(Broker& broker, const OffsetDeleteRequest::Topic& request_topic) {
  const TopicPtr topic = broker.topics().find(request_topic.name);
  DeleteOffsets::Topic deletion{.name = request_topic.name};
  for (const OffsetDeleteRequest::Partition& partition : request_topic.partitions) {
    const bool is_there = find_partition(topic.get(), partition.partition_index) != nullptr;
    deletion.partitions.push_back(
        {partition.partition_index, is_there ? KafkaError::kNone : KafkaError::kUnknownTopicOrPartition});
  }
  return deletion;
}

OffsetDeleteResponse response_of(DeleteOffsetsAnswer answer) {
  OffsetDeleteResponse response{.error_code = answer.error};
  for (PartitionErrors::Topic& topic : answer.topics) {
    OffsetDeleteResponse::Topic& response_topic = response.topics.emplace_back();
    response_topic.name = std::move(topic.name);
    for (const PartitionErrors::Partition& each : topic.partitions) {
      response_topic.partitions.push_back({each.partition, each.error});
    }
  }
  return response;
}

}  // namespace

void handle_offset_delete(Broker& broker, const RequestContext&, const OffsetDeleteRequest& request,
                          Reply<OffsetDeleteResponse> reply) {
  DeleteOffsets deletion{.group_id = request.group_id};
  for (const OffsetDeleteRequest::Topic& topic : request.topics) deletion.topics.push_back(topic_of(broker, topic));
  broker.groups().delete_offsets(deletion, [reply = std::move(reply)](DeleteOffsetsAnswer answer) mutable {
    reply(response_of(std::move(answer)));
  });
}

}  // namespace omashu::broker
