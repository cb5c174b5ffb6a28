// ListOffsets, 1 to 7. Without transactions, the last stable offset is the high watermark, so that both isolation
// levels get the same answer. A partition without such a record is answered with offset -1, which is no error.

#include "broker/protocol/02_list_offsets.h"

#include <optional>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using Asked = ListOffsetsRequest::Partition;
using Found = ListOffsetsResponse::Partition;

using Place = std::optional<TimestampOffset>;  // nothing: there is no such record

Result<Place> find_end(PartitionLog& log, int64_t timestamp) {
  const auto offsets = log.offsets();
  if (!offsets) return fail(offsets.error());
  const bool is_latest = timestamp == ListOffsetsRequest::kLatestTimestamp;
  return TimestampOffset{.offset = is_latest ? offsets->log_end_offset : offsets->log_start_offset};
}

Result<Place> find_place(PartitionLog& log, int64_t timestamp) {
  switch (timestamp) {
    case ListOffsetsRequest::kEarliestTimestamp:
    case ListOffsetsRequest::kLatestTimestamp: return find_end(log, timestamp);
    case ListOffsetsRequest::kMaxTimestamp: return log.offset_of_max_timestamp();
    default: return log.offset_for_timestamp(timestamp);
  }
}

KafkaError request_error(const RequestContext& context, const Partition* partition, const Asked& asked) {
  if (partition == nullptr) return KafkaError::kUnknownTopicOrPartition;
  if (asked.current_leader_epoch > Broker::kLeaderEpoch) return KafkaError::kUnknownLeaderEpoch;
  const int64_t least =
      context.api_version >= 7 ? ListOffsetsRequest::kMaxTimestamp : ListOffsetsRequest::kEarliestTimestamp;
  return asked.timestamp < least ? KafkaError::kUnsupportedVersion : KafkaError::kNone;
}

Found list_offset(const RequestContext& context, const Topic* topic, const Asked& asked) {
  const Partition* partition = find_partition(topic, asked.partition_index);
  Found found{.partition_index = asked.partition_index, .error_code = request_error(context, partition, asked)};
  if (found.error_code != KafkaError::kNone) return found;
  const auto place = find_place(*partition->log(), asked.timestamp);
  if (!place) {
    found.error_code = KafkaError::kKafkaStorageError;
  } else if (*place) {
    found.timestamp = (*place)->timestamp;
    found.offset = (*place)->offset;
    found.leader_epoch = Broker::kLeaderEpoch;
  }
  return found;
}

}  // namespace

ListOffsetsResponse handle_list_offsets(Broker& broker, const RequestContext& context,
                                        const ListOffsetsRequest& request) {
  ListOffsetsResponse response;
  for (const auto& asked : request.topics) {
    const TopicPtr topic = broker.topics().find(asked.name);
    ListOffsetsResponse::Topic& found = response.topics.emplace_back();
    found.name = asked.name;
    for (const Asked& partition : asked.partitions)
      found.partitions.push_back(list_offset(context, topic.get(), partition));
  }
  return response;
}

}  // namespace omashu::broker
