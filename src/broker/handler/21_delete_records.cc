// DeleteRecords, 0 to 2. A topic that is compacted alone keeps the latest record of each key, so that none of its
// records may be deleted by offset.

#include "broker/protocol/21_delete_records.h"

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using RequestPartition = DeleteRecordsRequest::Partition;
using ResponsePartition = DeleteRecordsResponse::Partition;

KafkaError topic_error(const Topic* topic) {
  if (topic == nullptr) return KafkaError::kUnknownTopicOrPartition;
  if (topic->is_internal()) return KafkaError::kInvalidTopicException;
  if (!log_config_of(topic->configs).is_deleted) return KafkaError::kPolicyViolation;
  return KafkaError::kNone;
}

ResponsePartition delete_records(Broker& broker, const Topic* topic, const RequestPartition& request_partition) {
  const Partition* partition = find_partition(topic, request_partition.partition_index);
  if (partition == nullptr) {
    return {.partition_index = request_partition.partition_index, .error_code = KafkaError::kUnknownTopicOrPartition};
  }
  const DeleteRecordsResult result =
      partition->log()->delete_records(request_partition.offset, broker.clock().wall_ms());
  return {.partition_index = request_partition.partition_index,
          .low_watermark = result.low_watermark,
          .error_code = result.error};
}

}  // namespace

DeleteRecordsResponse handle_delete_records(Broker& broker, const RequestContext&,
                                            const DeleteRecordsRequest& request) {
  DeleteRecordsResponse response;
  for (const auto& request_topic : request.topics) {
    const TopicPtr topic = broker.topics().find(request_topic.name);
    const KafkaError error = topic_error(topic.get());
    DeleteRecordsResponse::Topic& response_topic = response.topics.emplace_back();
    response_topic.name = request_topic.name;
    for (const RequestPartition& partition : request_topic.partitions) {
      response_topic.partitions.push_back(
          error == KafkaError::kNone
              ? delete_records(broker, topic.get(), partition)
              : ResponsePartition{.partition_index = partition.partition_index, .error_code = error});
    }
  }
  return response;
}

}  // namespace omashu::broker
