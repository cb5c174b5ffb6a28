// CreatePartitions, 0 to 3. The topics of a request grow with one write to the disk; the new partitions are ready when
// it is answered. A topic that the request names twice is refused, as in Kafka.
//
// Kafka's own topic cannot grow here: which of its partitions knows a group depends on how many there are.

#include "broker/protocol/37_create_partitions.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using RequestTopic = CreatePartitionsRequest::Topic;

std::optional<Refusal> count_refusal(std::string_view name, int32_t present, int32_t wanted) {
  const auto refuse = [](std::string message) { return Refusal{KafkaError::kInvalidPartitions, std::move(message)}; };
  if (wanted == present) return refuse(fmt::format("Topic already has {} partition(s).", present));
  if (wanted < present) {
    return refuse(
        fmt::format("The topic {} currently has {} partition(s); {} would not be an increase.", name, present, wanted));
  }
  if (wanted > kMaxPartitionsOfTopic) {
    return refuse(fmt::format("A topic has at most {} partitions.", kMaxPartitionsOfTopic));
  }
  return std::nullopt;
}

std::optional<Refusal> assignment_refusal(const RequestTopic& request_topic, int32_t additional, int32_t node_id) {
  if (!request_topic.assignments) return std::nullopt;
  const auto refuse = [](std::string message) {
    return Refusal{KafkaError::kInvalidReplicaAssignment, std::move(message)};
  };
  if (request_topic.assignments->size() != static_cast<size_t>(additional)) {
    return refuse(fmt::format("{} partition(s) are to be added, but {} assignment(s) were given.", additional,
                              request_topic.assignments->size()));
  }
  const bool are_here = std::ranges::all_of(*request_topic.assignments, [&](const auto& assignment) {
    return assignment.broker_ids == std::vector{node_id};
  });
  if (!are_here) return refuse(fmt::format("Partitions must be assigned to broker {} alone.", node_id));
  return std::nullopt;
}

std::optional<Refusal> refusal(const Topic* topic, const RequestTopic& request_topic, int32_t node_id) {
  if (topic == nullptr) return unknown_topic(request_topic.name);
  if (topic->is_internal()) {
    return Refusal{KafkaError::kInvalidTopicException,
                   fmt::format("The topic {} is the broker's own.", request_topic.name)};
  }
  const auto present = static_cast<int32_t>(topic->partitions.size());
  if (auto refusal = count_refusal(request_topic.name, present, request_topic.count)) return refusal;
  return assignment_refusal(request_topic, request_topic.count - present, node_id);
}

}  // namespace

CreatePartitionsResponse handle_create_partitions(Broker& broker, const RequestContext&,
                                                  const CreatePartitionsRequest& request) {
  std::vector<std::string_view> names;
  std::map<std::string_view, int> mentions;
  for (const RequestTopic& request_topic : request.topics) {
    names.push_back(request_topic.name);
    ++mentions[request_topic.name];
  }
  CreatePartitionsResponse response;
  const auto grow = [&](size_t i, const Topic* topic) -> std::optional<TopicStore::TopicShape> {
    const RequestTopic& request_topic = request.topics[i];
    CreatePartitionsResponse::Result& result = response.results.emplace_back();
    result.name = request_topic.name;
    auto refused = mentions[request_topic.name] > 1 ? Refusal{KafkaError::kInvalidRequest, "Duplicate topic name."}
                                                    : refusal(topic, request_topic, broker.options().node_id);
    if (refused) {
      result.error_code = refused->error;
      result.error_message = std::move(refused->message);
    }
    if (refused || request.validate_only) return std::nullopt;
    return TopicStore::TopicShape{request_topic.count, topic->configs};
  };
  const auto changed = broker.topics().change(names, grow);
  if (changed) return response;
  for (auto& result : response.results) {
    if (result.error_code != KafkaError::kNone) continue;
    result.error_code = KafkaError::kKafkaStorageError;
    result.error_message = changed.error().message;
  }
  return response;
}

}  // namespace omashu::broker
