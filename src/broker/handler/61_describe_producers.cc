// DescribeProducers, 0. The idempotent producers whose last batches a partition knows again.
//
// Left out: transactions. No producer has one open, and no coordinator has an epoch.

#include "broker/protocol/61_describe_producers.h"

#include <fmt/core.h>

#include "base/topic_name.h"
#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using DescribedPartition = DescribeProducersResponse::Partition;

DescribedPartition describe_producers(std::string_view topic_name, const Topic* topic, PartitionId index) {
  DescribedPartition described{.partition_index = index, .error_message = {}, .active_producers = {}};
  const auto refuse = [&](KafkaError error, std::string message) {
    described.error_code = error;
    described.error_message = std::move(message);
    return described;
  };
  if (auto problem = topic_name_problem(topic_name)) {
    return refuse(KafkaError::kInvalidTopicException, *std::move(problem));
  }
  const Partition* partition = find_partition(topic, index);
  if (partition == nullptr) {
    return refuse(KafkaError::kUnknownTopicOrPartition, fmt::format("There is no partition {}-{}.", topic_name, index));
  }
  const auto producers = partition->log()->active_producers();
  if (!producers) return refuse(KafkaError::kKafkaStorageError, producers.error().message);
  for (const ActiveProducer& producer : *producers) {
    described.active_producers.push_back({.producer_id = producer.producer_id,
                                          .producer_epoch = producer.epoch,
                                          .last_sequence = producer.last_sequence,
                                          .last_timestamp = producer.last_timestamp});
  }
  return described;
}

}  // namespace

DescribeProducersResponse handle_describe_producers(Broker& broker, const RequestContext&,
                                                    const DescribeProducersRequest& request) {
  DescribeProducersResponse response;
  for (const auto& [name, indexes] : request.topics) {
    const TopicPtr topic = broker.topics().find(name);
    auto& described = response.topics.emplace_back();
    described.name = name;
    for (const PartitionId index : indexes)
      described.partitions.push_back(describe_producers(name, topic.get(), index));
  }
  return response;
}

}  // namespace omashu::broker
