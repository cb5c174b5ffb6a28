#include "kafka/admin.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "kafka/admin_call.h"
#include "kafka/admin_client.h"
#include "kafka/error_codes.h"

namespace omashu::kafka {
namespace {

// Those of Kafka's own (org.apache.kafka.common.internals.Topic).
bool is_internal(std::string_view topic) {
  constexpr std::array<std::string_view, 4> kInternal = {"__consumer_offsets", "__transaction_state",
                                                         "__share_group_state", "__cluster_metadata"};
  return std::ranges::find(kInternal, topic) != kInternal.end();
}

struct MetadataDeleter {
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};

TopicDescription description_of(const rd_kafka_metadata_topic_t& topic) {
  TopicDescription description{.name = topic.topic, .partitions = topic.partition_cnt};
  for (int i = 0; i < topic.partition_cnt; ++i) {
    const rd_kafka_metadata_partition_t& partition = topic.partitions[i];
    if (partition.id == 0) description.replication_factor = partition.replica_cnt;
    if (partition.leader < 0) ++description.leaderless_partitions;
    PartitionDescription& described = description.partition_descriptions.emplace_back();
    described.id = partition.id;
    if (partition.leader >= 0) described.leader = partition.leader;
    described.replicas.assign(partition.replicas, partition.replicas + partition.replica_cnt);
    described.in_sync_replicas.assign(partition.isrs, partition.isrs + partition.isr_cnt);
  }
  std::ranges::sort(description.partition_descriptions, {}, &PartitionDescription::id);
  return description;
}

}  // namespace

Result<std::unique_ptr<Admin>> Admin::open(const ClientConfig& config, std::chrono::milliseconds timeout) {
  auto client = ClientHandle::open(config, {.role = ClientHandle::Role::kProducer});
  if (!client) return fail(std::move(client.error()));
  return std::make_unique<AdminClient>(std::move(*client), timeout);
}

Result<ClusterDescription> AdminClient::describe_cluster() {
  const auto answer = call(*client_, {.operation = RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER,
                                      .deadline = deadline(),
                                      .send = [this](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                                        rd_kafka_DescribeCluster(client_->get(), options, queue);
                                      }});
  if (!answer) return fail(answer.error());
  const rd_kafka_DescribeCluster_result_t* result = rd_kafka_event_DescribeCluster_result(answer->event.get());
  ClusterDescription cluster;
  if (const char* id = rd_kafka_DescribeCluster_result_cluster_id(result)) cluster.cluster_id = id;
  if (const rd_kafka_Node_t* controller = rd_kafka_DescribeCluster_result_controller(result)) {
    cluster.controller = rd_kafka_Node_id(controller);
  }
  size_t count = 0;
  const rd_kafka_Node_t** nodes = rd_kafka_DescribeCluster_result_nodes(result, &count);
  for (size_t i = 0; i < count; ++i) {
    const char* rack = rd_kafka_Node_rack(nodes[i]);
    cluster.brokers.push_back({.id = rd_kafka_Node_id(nodes[i]),
                               .host = rd_kafka_Node_host(nodes[i]),
                               .port = rd_kafka_Node_port(nodes[i]),
                               .rack = rack == nullptr ? "" : rack});
  }
  return cluster;
}

Result<std::vector<TopicDescription>> AdminClient::list_topics(bool with_internal) {
  const Clock::time_point end = deadline();
  if (auto there = client_->wait_for_broker(end); !there) return fail(std::move(there.error()));
  const rd_kafka_metadata_t* answer = nullptr;
  const rd_kafka_resp_err_t code =
      rd_kafka_metadata(client_->get(), 1, nullptr, &answer, to_timeout_ms(time_left(end)));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("listing the topics"));
  const std::unique_ptr<const rd_kafka_metadata_t, MetadataDeleter> metadata(answer);

  std::vector<TopicDescription> topics;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[i];
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    if (with_internal || !is_internal(topic.topic)) topics.push_back(description_of(topic));
  }
  return topics;
}

}  // namespace omashu::kafka
