// OffsetCommit, 2 to 9. Answered once the offsets are as durable as records with acks=all. A partition that is not
// there is refused by itself.
//
// 9  a group that is not there is said to be so; to older clients their generation is wrong
//
// Left out: the members of the newer group protocol.

#include "broker/protocol/08_offset_commit.h"

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr int16_t kFirstVersionWithGroupIdNotFound = 9;

CommitOffsets::Topic topic_of(Broker& broker, const OffsetCommitRequest::Topic& request_topic) {
  const TopicPtr topic = broker.topics().find(request_topic.name);
  CommitOffsets::Topic commit{.name = request_topic.name};
  for (const OffsetCommitRequest::Partition& partition : request_topic.partitions) {
    const bool is_there = find_partition(topic.get(), partition.partition_index) != nullptr;
    commit.partitions.push_back({.partition = partition.partition_index,
                                 .offset = partition.committed_offset,
                                 .leader_epoch = partition.committed_leader_epoch,
                                 .metadata = partition.committed_metadata.value_or(""),
                                 .error = is_there ? KafkaError::kNone : KafkaError::kUnknownTopicOrPartition});
  }
  return commit;
}

OffsetCommitResponse response_of(CommitOffsetsAnswer answer, int16_t version) {
  OffsetCommitResponse response;
  for (PartitionErrors::Topic& topic : answer.topics) {
    OffsetCommitResponse::Topic& response_topic = response.topics.emplace_back();
    response_topic.name = std::move(topic.name);
    for (const PartitionErrors::Partition& each : topic.partitions) {
      const bool is_new_error =
          each.error == KafkaError::kGroupIdNotFound && version < kFirstVersionWithGroupIdNotFound;
      response_topic.partitions.push_back({each.partition, is_new_error ? KafkaError::kIllegalGeneration : each.error});
    }
  }
  return response;
}

}  // namespace

void handle_offset_commit(Broker& broker, const RequestContext& context, const OffsetCommitRequest& request,
                          Reply<OffsetCommitResponse> reply) {
  CommitOffsets commit{.group_id = request.group_id,
                       .generation_id = request.generation_id_or_member_epoch,
                       .member_id = request.member_id,
                       .group_instance_id = request.group_instance_id};
  if (request.retention_time_ms != -1) commit.retention_time_ms = request.retention_time_ms;
  for (const OffsetCommitRequest::Topic& topic : request.topics) commit.topics.push_back(topic_of(broker, topic));
  broker.groups().commit_offsets(
      commit, [reply = std::move(reply), version = context.api_version](CommitOffsetsAnswer answer) mutable {
        reply(response_of(std::move(answer), version));
      });
}

}  // namespace omashu::broker
