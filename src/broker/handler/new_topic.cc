#include "broker/handler/new_topic.h"

#include <fmt/core.h>

#include "base/topic_name.h"
#include "broker/handler/broker.h"

namespace omashu::broker {

std::optional<Refusal> name_refusal(const TopicStore& topics, std::string_view name) {
  if (auto problem = topic_name_problem(name)) return Refusal{KafkaError::kInvalidTopicException, *std::move(problem)};
  if (const TopicPtr other = topics.find_colliding(name)) {
    if (other->name == name)
      return Refusal{KafkaError::kTopicAlreadyExists, fmt::format("Topic '{}' already exists.", name)};
    return Refusal{KafkaError::kInvalidTopicException,
                   fmt::format("Topic '{}' collides with existing topic: {}", name, other->name)};
  }
  if (name == Topic::kConsumerOffsets) {  // group_service.h
    return Refusal{KafkaError::kInvalidTopicException,
                   fmt::format("The topic {} is made by the broker when a group needs it.", name)};
  }
  return std::nullopt;
}

TopicPtr create_automatically(Broker& broker, std::string_view name) {
  if (name_refusal(broker.topics(), name)) return broker.topics().find(name);
  std::vector<TopicStore::NewTopic> topics;
  topics.push_back({std::string(name), broker.options().default_partitions, {}});
  const auto created = broker.topics().create(std::move(topics));
  return created ? broker.topics().find(name) : nullptr;
}

}  // namespace omashu::broker
