// ListOffsets, 1 to 7. Without transactions, the last stable offset is the high watermark, so that both isolation
// levels get the same answer.

#include "broker/protocol/02_list_offsets.h"

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using Asked = ListOffsetsRequest::Partition;
using Found = ListOffsetsResponse::Partition;

Found list_offset(const Topic* topic, const Asked& asked) {
  Found found{.partition_index = asked.partition_index};
  const Partition* partition = find_partition(topic, asked.partition_index);
  if (partition == nullptr) {
    found.error_code = KafkaError::kUnknownTopicOrPartition;
    return found;
  }
  const auto offsets = partition->log()->offsets();
  if (!offsets) {
    found.error_code = KafkaError::kKafkaStorageError;
    return found;
  }
  found.leader_epoch = Broker::kLeaderEpoch;
  switch (asked.timestamp) {
    case ListOffsetsRequest::kEarliestTimestamp: found.offset = offsets->log_start_offset; break;
    case ListOffsetsRequest::kLatestTimestamp: found.offset = offsets->log_end_offset; break;
    default: break;
  }
  return found;
}

}  // namespace

ListOffsetsResponse handle_list_offsets(Broker& broker, const RequestContext&, const ListOffsetsRequest& request) {
  ListOffsetsResponse response;
  for (const auto& asked : request.topics) {
    const TopicPtr topic = broker.topics().find(asked.name);
    ListOffsetsResponse::Topic& found = response.topics.emplace_back();
    found.name = asked.name;
    for (const Asked& partition : asked.partitions) found.partitions.push_back(list_offset(topic.get(), partition));
  }
  return response;
}

}  // namespace omashu::broker
