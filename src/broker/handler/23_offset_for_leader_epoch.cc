// OffsetForLeaderEpoch, 2 to 4. Every record is of the one epoch that there is, which goes on: it ends where the log
// ends. Of other epochs nothing is known, which is no error.

#include "broker/protocol/23_offset_for_leader_epoch.h"

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using Asked = OffsetForLeaderEpochRequest::Partition;
using Found = OffsetForLeaderEpochResponse::Partition;

Found find_end(const Topic* topic, const Asked& asked) {
  const auto refuse = [&](KafkaError error) { return Found{.error_code = error, .partition = asked.partition}; };
  const Partition* partition = find_partition(topic, asked.partition);
  if (partition == nullptr) return refuse(KafkaError::kUnknownTopicOrPartition);
  if (asked.current_leader_epoch > Broker::kLeaderEpoch) return refuse(KafkaError::kUnknownLeaderEpoch);
  if (asked.leader_epoch != Broker::kLeaderEpoch) return {.partition = asked.partition};
  const auto offsets = partition->log()->offsets();
  if (!offsets) return refuse(KafkaError::kKafkaStorageError);
  return {.partition = asked.partition, .leader_epoch = Broker::kLeaderEpoch, .end_offset = offsets->log_end_offset};
}

}  // namespace

OffsetForLeaderEpochResponse handle_offset_for_leader_epoch(Broker& broker, const RequestContext&,
                                                            const OffsetForLeaderEpochRequest& request) {
  OffsetForLeaderEpochResponse response;
  for (const auto& asked : request.topics) {
    const TopicPtr topic = broker.topics().find(asked.topic);
    OffsetForLeaderEpochResponse::Topic& found = response.topics.emplace_back();
    found.topic = asked.topic;
    for (const Asked& partition : asked.partitions) found.partitions.push_back(find_end(topic.get(), partition));
  }
  return response;
}

}  // namespace omashu::broker
