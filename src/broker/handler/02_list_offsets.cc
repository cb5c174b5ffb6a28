// ListOffsets, 1 to 7. Without transactions, the last stable offset is the high watermark, so that both isolation
// levels get the same answer. Where there is no such record, the offset is -1, without an error.

#include "broker/protocol/02_list_offsets.h"

#include <optional>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using RequestPartition = ListOffsetsRequest::Partition;
using ResponsePartition = ListOffsetsResponse::Partition;

using FoundOffset = std::optional<TimestampOffset>;  // nothing where there is no such record

Result<FoundOffset> find_end(PartitionLog& log, int64_t timestamp) {
  const auto offsets = log.offsets();
  if (!offsets) return fail(offsets.error());
  const bool is_latest = timestamp == ListOffsetsRequest::kLatestTimestamp;
  return TimestampOffset{.offset = is_latest ? offsets->log_end_offset : offsets->log_start_offset};
}

Result<FoundOffset> find_offset(PartitionLog& log, int64_t timestamp) {
  switch (timestamp) {
    case ListOffsetsRequest::kEarliestTimestamp:
    case ListOffsetsRequest::kLatestTimestamp: return find_end(log, timestamp);
    case ListOffsetsRequest::kMaxTimestamp: return log.offset_of_max_timestamp();
    default: return log.offset_for_timestamp(timestamp);
  }
}

KafkaError request_error(const RequestContext& context, const Partition* partition,
                         const RequestPartition& request_partition) {
  if (partition == nullptr) return KafkaError::kUnknownTopicOrPartition;
  if (request_partition.current_leader_epoch > Broker::kLeaderEpoch) return KafkaError::kUnknownLeaderEpoch;
  const int64_t min_timestamp =
      context.api_version >= 7 ? ListOffsetsRequest::kMaxTimestamp : ListOffsetsRequest::kEarliestTimestamp;
  return request_partition.timestamp < min_timestamp ? KafkaError::kUnsupportedVersion : KafkaError::kNone;
}

ResponsePartition list_offset(const RequestContext& context, const Topic* topic,
                              const RequestPartition& request_partition) {
  const Partition* partition = find_partition(topic, request_partition.partition_index);
  ResponsePartition response_partition{.partition_index = request_partition.partition_index,
                                       .error_code = request_error(context, partition, request_partition)};
  if (response_partition.error_code != KafkaError::kNone) return response_partition;
  const auto found = find_offset(*partition->log(), request_partition.timestamp);
  if (!found) {
    response_partition.error_code = KafkaError::kKafkaStorageError;
  } else if (*found) {
    response_partition.timestamp = (*found)->timestamp;
    response_partition.offset = (*found)->offset;
    response_partition.leader_epoch = Broker::kLeaderEpoch;
  }
  return response_partition;
}

}  // namespace

ListOffsetsResponse handle_list_offsets(Broker& broker, const RequestContext& context,
                                        const ListOffsetsRequest& request) {
  ListOffsetsResponse response;
  for (const auto& request_topic : request.topics) {
    const TopicPtr topic = broker.topics().find(request_topic.name);
    ListOffsetsResponse::Topic& response_topic = response.topics.emplace_back();
    response_topic.name = request_topic.name;
    for (const RequestPartition& partition : request_topic.partitions)
      response_topic.partitions.push_back(list_offset(context, topic.get(), partition));
  }
  return response;
}

}  // namespace omashu::broker
