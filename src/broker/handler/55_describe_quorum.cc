// DescribeQuorum, 0 to 2. This node is the only voter, and leads. It keeps the metadata in a file, not in a log of its
// own (topic_file.h), so that the log that Kafka's tools ask for, __cluster_metadata, is empty.

#include "broker/protocol/55_describe_quorum.h"

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr std::string_view kMetadataTopic = "__cluster_metadata";

DescribeQuorumResponse::Partition describe_metadata_log(Broker& broker) {
  const int32_t node_id = broker.options().node_id;
  return {.leader_id = node_id,
          .leader_epoch = Broker::kLeaderEpoch,
          .high_watermark = Offset{0},
          .current_voters = {{.replica_id = node_id,
                              .log_end_offset = Offset{0},
                              .last_caught_up_timestamp = broker.clock().wall_ms()}},
          .observers = {}};
}

}  // namespace

DescribeQuorumResponse handle_describe_quorum(Broker& broker, const RequestContext& context,
                                              const DescribeQuorumRequest& request) {
  DescribeQuorumResponse response;
  for (const auto& request_topic : request.topics) {
    auto& topic = response.topics.emplace_back();
    topic.topic_name = request_topic.topic_name;
    for (const auto& [index] : request_topic.partitions) {
      const bool is_metadata = request_topic.topic_name == kMetadataTopic && index == PartitionId{0};
      topic.partitions.push_back(
          is_metadata ? describe_metadata_log(broker)
                      : DescribeQuorumResponse::Partition{.partition_index = index,
                                                          .error_code = KafkaError::kUnknownTopicOrPartition,
                                                          .error_message = "Only __cluster_metadata-0 has a quorum.",
                                                          .current_voters = {},
                                                          .observers = {}});
    }
  }
  const Endpoint& here = context.peer.advertised;
  response.nodes.push_back({.node_id = broker.options().node_id,
                            .listeners = {{.name = context.peer.listener, .host = here.host, .port = here.port}}});
  return response;
}

}  // namespace omashu::broker
