// DescribeTopicPartitions, 0. Topics in the order of their names, a page of at most 2,000 partitions at a time, as
// max.request.partition.size.limit has it in Kafka. The cursor of an answer is where the next page begins: the client
// sends it back with the same topics.
//
// Unlike Metadata it creates no topic, and always tells the authorized operations. There is no place for an error of
// the whole request: a cursor that cannot be is answered with INVALID_REQUEST for each topic.

#include "broker/protocol/75_describe_topic_partitions.h"

#include <algorithm>
#include <set>

#include "base/topic_name.h"
#include "broker/handler/authorized_operations.h"
#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using Request = DescribeTopicPartitionsRequest;
using Response = DescribeTopicPartitionsResponse;

constexpr int32_t kMaxPartitionsOfAPage = 2000;

// In Kafka's order, which is that of the bytes.
std::set<std::string> requested_names(const TopicStore& topics, const Request& request) {
  std::set<std::string> names;
  for (const auto& topic : request.topics) names.emplace(topic.name);
  if (!names.empty()) return names;
  for (const TopicPtr& topic : topics.all()) names.insert(topic->name);
  return names;
}

bool is_valid_cursor(const Request& request) {
  if (!request.cursor) return true;
  if (request.cursor->partition_index < PartitionId{0}) return false;
  return request.topics.empty() ||
         std::ranges::find(request.topics, request.cursor->topic_name, &Request::Topic::name) != request.topics.end();
}

Response refuse(const Request& request) {
  Response response;
  for (const auto& topic : request.topics) {
    response.topics.push_back(
        {.error_code = KafkaError::kInvalidRequest, .name = std::string(topic.name), .partitions = {}});
  }
  return response;
}

Response::Topic unknown_topic(const std::string& name) {
  const bool is_legal = !topic_name_problem(name);
  return {.error_code = is_legal ? KafkaError::kUnknownTopicOrPartition : KafkaError::kInvalidTopicException,
          .name = name,
          .partitions = {},
          .topic_authorized_operations = kTopicOperations};
}

// The partitions from `first` to `last`, without `last`.
Response::Topic describe(const Topic& topic, size_t first, size_t last, int32_t node_id) {
  Response::Topic described{.name = topic.name,
                            .topic_id = {topic.id},
                            .is_internal = topic.is_internal(),
                            .partitions = {},
                            .topic_authorized_operations = kTopicOperations};
  for (size_t i = first; i < last; ++i) {
    described.partitions.push_back({.partition_index = topic.partitions[i]->index(),
                                    .leader_id = node_id,
                                    .leader_epoch = Broker::kLeaderEpoch,
                                    .replica_nodes = {node_id},
                                    .isr_nodes = {node_id},
                                    .eligible_leader_replicas = {{}},
                                    .last_known_elr = {{}},
                                    .offline_replicas = {}});
  }
  return described;
}

// Takes topics until the page is full.
class Page {
 public:
  Page(Broker& broker, const Request& request)
      : broker_(broker),
        names_(requested_names(broker.topics(), request)),
        left_(static_cast<size_t>(std::clamp(request.response_partition_limit, 1, kMaxPartitionsOfAPage))) {}

  Response fill(const Request& request, const std::string& first_name, size_t first_partition) {
    for (auto name = names_.lower_bound(first_name); name != names_.end(); ++name) {
      const size_t first = *name == first_name ? first_partition : 0;
      if (left_ == 0) {
        response_.next_cursor = {.topic_name = *name, .partition_index = PartitionId{static_cast<int32_t>(first)}};
        break;
      }
      const TopicPtr topic = broker_.topics().find(*name);
      if (topic != nullptr) {
        if (!add(*topic, first)) break;
      } else if (!request.topics.empty()) {
        response_.topics.push_back(unknown_topic(*name));
      }
    }
    return std::move(response_);
  }

 private:
  // False where the page is full before the topic's last partition.
  bool add(const Topic& topic, size_t first) {
    const size_t count = topic.partitions.size();
    first = std::min(first, count);
    const size_t last = first + std::min(left_, count - first);
    response_.topics.push_back(describe(topic, first, last, broker_.options().node_id));
    left_ -= last - first;
    if (last == count) return true;
    response_.next_cursor = {.topic_name = topic.name, .partition_index = PartitionId{static_cast<int32_t>(last)}};
    return false;
  }

  Broker& broker_;
  const std::set<std::string> names_;
  size_t left_;  // partitions
  Response response_;
};

}  // namespace

DescribeTopicPartitionsResponse handle_describe_topic_partitions(Broker& broker, const RequestContext&,
                                                                 const DescribeTopicPartitionsRequest& request) {
  if (!is_valid_cursor(request)) return refuse(request);
  const std::string first_name(request.cursor ? request.cursor->topic_name : "");
  const auto first_partition = static_cast<size_t>(request.cursor ? request.cursor->partition_index : PartitionId{0});
  return Page(broker, request).fill(request, first_name, first_partition);
}

}  // namespace omashu::broker
