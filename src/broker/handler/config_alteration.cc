#include "broker/handler/config_alteration.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <expected>
#include <map>
#include <set>
#include <utility>

#include "base/topic_configs.h"
#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/topic_config_refusal.h"

namespace omashu::broker {
namespace {

using Resource = IncrementalAlterConfigsRequest::Resource;
using Change = IncrementalAlterConfigsRequest::Config;
using Answered = IncrementalAlterConfigsResponse::Resource;

Refusal invalid_request(std::string message) { return {KafkaError::kInvalidRequest, std::move(message)}; }

// What is wrong with it whatever the topic is.
std::optional<Refusal> request_refusal(const Resource& resource) {
  std::set<std::string_view> names;
  std::vector<std::string_view> without_value;
  for (const Change& change : resource.configs) {
    if (!names.insert(change.name).second) return invalid_request("Error due to duplicate config keys");
    if (change.config_operation < AlterConfigOp::kSet || change.config_operation > AlterConfigOp::kSubtract) {
      return invalid_request(fmt::format("Unknown operations type {}", static_cast<int>(change.config_operation)));
    }
    if (change.config_operation != AlterConfigOp::kDelete && !change.value) without_value.push_back(change.name);
  }
  if (!without_value.empty()) {
    return invalid_request(fmt::format("Null value not supported for : {}", fmt::join(without_value, ", ")));
  }
  if (resource.resource_type == ConfigResourceType::kBroker) {
    return invalid_request("The configs of this broker are set when it starts.");
  }
  if (resource.resource_type != ConfigResourceType::kTopic) {
    return invalid_request(fmt::format("Unknown resource type {}", static_cast<int>(resource.resource_type)));
  }
  return std::nullopt;
}

std::vector<std::string_view> parts_of(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    const std::string_view part = list.substr(0, list.find(','));
    list.remove_prefix(std::min(part.size() + 1, list.size()));
    const size_t first = part.find_first_not_of(' ');
    if (first != std::string_view::npos) parts.push_back(part.substr(first, part.find_last_not_of(' ') - first + 1));
  }
  return parts;
}

// What was there keeps its place.
std::string changed_list(std::string_view list, AlterConfigOp operation, std::string_view change) {
  std::vector<std::string_view> parts = parts_of(list);
  if (operation == AlterConfigOp::kAppend) {
    std::set<std::string_view> present(parts.begin(), parts.end());
    for (const std::string_view part : parts_of(change)) {
      if (present.insert(part).second) parts.push_back(part);
    }
  } else {
    const auto removed = parts_of(change);
    const std::set<std::string_view> gone(removed.begin(), removed.end());
    std::erase_if(parts, [&](std::string_view part) { return gone.contains(part); });
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

std::optional<Refusal> apply(const Change& change, TopicConfigs& configs) {
  const auto present = configs.find(change.name);
  switch (change.config_operation) {
    case AlterConfigOp::kSet: configs.insert_or_assign(std::string(change.name), *change.value); return std::nullopt;
    case AlterConfigOp::kDelete:
      if (present != configs.end()) configs.erase(present);
      return std::nullopt;
    case AlterConfigOp::kAppend:
    case AlterConfigOp::kSubtract: break;
  }
  using Kind = TopicConfigDefinition::Kind;
  const TopicConfigDefinition* config = find_topic_config(change.name);
  if (config == nullptr || (config->kind != Kind::kList && config->kind != Kind::kPolicies)) {
    const char* operation = change.config_operation == AlterConfigOp::kAppend ? "APPEND" : "SUBTRACT";
    return Refusal{KafkaError::kInvalidConfig,
                   fmt::format("Can't {} to key {} because its type is not LIST.", operation, change.name)};
  }
  const std::string_view list = present != configs.end() ? present->second : config->default_value.value_or("");
  configs.insert_or_assign(std::string(change.name), changed_list(list, change.config_operation, *change.value));
  return std::nullopt;
}

std::expected<TopicConfigs, Refusal> altered(TopicConfigs configs, const Resource& resource, const ConfigRules& rules) {
  for (const Change& change : resource.configs) {
    if (auto refusal = apply(change, configs)) return std::unexpected(*std::move(refusal));
  }
  if (auto refusal = configs_refusal(configs, rules)) return std::unexpected(*std::move(refusal));
  return configs;
}

void refuse(Answered& answered, Refusal refusal) {
  answered.error_code = refusal.error;
  answered.error_message = std::move(refusal.message);
}

}  // namespace

std::vector<Answered> alter_configs(Broker& broker, std::span<const Resource> resources, AlterFrom from,
                                    bool validate_only) {
  std::map<std::pair<ConfigResourceType, std::string_view>, int> mentions;
  for (const Resource& resource : resources) ++mentions[{resource.resource_type, resource.resource_name}];
  std::vector<Answered> answers;
  std::vector<size_t> accepted;  // of the resources
  std::vector<std::string_view> names;
  for (size_t i = 0; i < resources.size(); ++i) {
    const Resource& resource = resources[i];
    answers.push_back({.resource_type = resource.resource_type, .resource_name = std::string(resource.resource_name)});
    if (mentions[{resource.resource_type, resource.resource_name}] > 1) {
      refuse(answers.back(), invalid_request("Each resource must appear at most once."));
    } else if (auto refusal = request_refusal(resource)) {
      refuse(answers.back(), *std::move(refusal));
    } else {
      accepted.push_back(i);
      names.push_back(resource.resource_name);
    }
  }
  const auto alter = [&](size_t i, const Topic* topic) -> std::optional<TopicStore::TopicShape> {
    const Resource& resource = resources[accepted[i]];
    Answered& answered = answers[accepted[i]];
    if (topic == nullptr) {
      refuse(answered, unknown_topic(resource.resource_name));
      return std::nullopt;
    }
    auto configs = altered(
        from == AlterFrom::kDefaults ? TopicConfigs() : topic->configs, resource,
        {.accept_any_replication_factor = broker.options().accept_any_replication_factor, .present = &topic->configs});
    if (!configs) refuse(answered, std::move(configs).error());
    if (!configs || validate_only || *configs == topic->configs) return std::nullopt;
    return TopicStore::TopicShape{static_cast<int32_t>(topic->partitions.size()), *std::move(configs)};
  };
  const auto changed = broker.topics().change(names, alter);
  for (const size_t i : accepted) {
    if (changed || answers[i].error_code != KafkaError::kNone) continue;
    refuse(answers[i], {KafkaError::kKafkaStorageError, changed.error().message});
  }
  return answers;
}

}  // namespace omashu::broker
