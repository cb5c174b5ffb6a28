#include "provision/check.h"

#include <fmt/format.h>

#include <map>

#include "provision/action_batches.h"
#include "provision/batched_calls.h"

namespace omashu::provision {

namespace {

// The setting that the broker's words name, else the topic.
const Place& place_of(const DesiredTopic& topic, const std::string& message) {
  for (const auto& [what, place] : topic.places) {
    if (topic.configs.contains(what) && message.find(what) != std::string::npos) return place;
  }
  return topic.places.at("name");
}

}  // namespace

void check_with_brokers(const Desired& desired, const Plan& plan, kafka::Admin& admin,
                        std::vector<Mistake>& violations) {
  std::map<std::string, const DesiredTopic*> topics;
  for (const DesiredTopic& topic : desired.topics) topics[topic.name] = &topic;
  const auto note = [&](const std::string& name, const Result<void>& answer) {
    if (answer) return;
    const std::string& message = answer.error().message;
    violations.push_back({place_of(*topics.at(name), message), fmt::format("topic {}: {}", name, message)});
  };

  const auto creations = topics_to_create(plan);
  auto answers = create_topics(admin, creations.items, /*validate_only=*/true);
  for (size_t i = 0; i < answers.size(); ++i) note(creations.items[i].name, answers[i]);

  const auto additions = partitions_to_create(plan);
  answers = create_partitions(admin, additions.items, /*validate_only=*/true);
  for (size_t i = 0; i < answers.size(); ++i) note(additions.items[i].topic, answers[i]);

  const auto alterations = configs_to_alter(plan);
  answers = alter_configs(admin, alterations.items, /*validate_only=*/true);
  for (size_t i = 0; i < answers.size(); ++i) note(alterations.items[i].topic, answers[i]);
}

}  // namespace omashu::provision
