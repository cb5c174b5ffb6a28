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
#include "broker/handler/broker_config_refusal.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/topic_config_refusal.h"

namespace omashu::broker {
namespace {

using Resource = IncrementalAlterConfigsRequest::Resource;
using Change = IncrementalAlterConfigsRequest::Config;
using ResponseResource = IncrementalAlterConfigsResponse::Resource;

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
  if (resource.resource_type != ConfigResourceType::kTopic && resource.resource_type != ConfigResourceType::kBroker) {
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

// A list that is not set starts as its default.
struct ListStart {
  bool is_list = false;
  std::string default_value;
};

ListStart list_start(Broker& broker, ConfigResourceType type, std::string_view name) {
  using Kind = TopicConfigDefinition::Kind;
  const auto is_list = [](Kind kind) { return kind == Kind::kList || kind == Kind::kPolicies; };
  if (type == ConfigResourceType::kTopic) {
    const TopicSetting* setting = find_topic_setting(name);
    if (setting == nullptr || !is_list(find_topic_config(name)->kind)) return {};
    const auto values = broker.configs().values_of(*setting);
    return {true, values.empty() ? std::string(setting->default_value()) : values.front().value};
  }
  const BrokerSetting* setting = find_broker_setting(name);
  if (setting == nullptr || !is_list(setting->definition.kind)) return {};
  const auto values = broker.configs().values_of(*setting);
  return {true, values.empty() ? std::string() : values.front().value};
}

std::optional<Refusal> apply(Broker& broker, ConfigResourceType type, const Change& change, ConfigValues& configs) {
  const auto present = configs.find(change.name);
  switch (change.config_operation) {
    case AlterConfigOp::kSet: configs.insert_or_assign(std::string(change.name), *change.value); return std::nullopt;
    case AlterConfigOp::kDelete:
      if (present != configs.end()) configs.erase(present);
      return std::nullopt;
    case AlterConfigOp::kAppend:
    case AlterConfigOp::kSubtract: break;
  }
  const ListStart start = list_start(broker, type, change.name);
  if (!start.is_list) {
    const char* operation = change.config_operation == AlterConfigOp::kAppend ? "APPEND" : "SUBTRACT";
    return Refusal{KafkaError::kInvalidConfig,
                   fmt::format("Can't {} to key {} because its type is not LIST.", operation, change.name)};
  }
  const std::string list = present != configs.end() ? present->second : start.default_value;
  configs.insert_or_assign(std::string(change.name), changed_list(list, change.config_operation, *change.value));
  return std::nullopt;
}

// What a resource's configs become of those that it has.
class Alteration {
 public:
  Alteration(Broker& broker, const Resource& resource, AlterFrom from)
      : broker_(broker), resource_(resource), from_(from) {}

  std::expected<ConfigValues, Refusal> of_topic(const TopicConfigs& present) const {
    auto configs = changed(present);
    if (!configs) return configs;
    const ConfigRules rules{.accept_any_replication_factor = broker_.options().accept_any_replication_factor,
                            .present = &present,
                            .broker_defaults = broker_.configs().topic_defaults()};
    if (auto refusal = configs_refusal(*configs, rules)) return std::unexpected(*std::move(refusal));
    return configs;
  }

  std::expected<ConfigValues, Refusal> of_broker(BrokerConfigs::Level level, const ConfigValues& present) const {
    auto configs = changed(present);
    if (!configs) return configs;
    if (auto refusal = broker_configs_refusal(broker_.configs(), level, *configs)) {
      return std::unexpected(*std::move(refusal));
    }
    return configs;
  }

 private:
  std::expected<ConfigValues, Refusal> changed(const ConfigValues& present) const {
    ConfigValues configs = from_ == AlterFrom::kDefaults ? ConfigValues() : present;
    for (const Change& change : resource_.configs) {
      if (auto refusal = apply(broker_, resource_.resource_type, change, configs)) {
        return std::unexpected(*std::move(refusal));
      }
    }
    return configs;
  }

  Broker& broker_;
  const Resource& resource_;
  const AlterFrom from_;
};

class AlterConfigsOperation {
 public:
  AlterConfigsOperation(Broker& broker, std::span<const Resource> resources, AlterFrom from, bool validate_only)
      : broker_(broker), resources_(resources), from_(from), validate_only_(validate_only) {}

  std::vector<ResponseResource> run() {
    std::map<std::pair<ConfigResourceType, std::string_view>, int> mentions;
    for (const Resource& resource : resources_) ++mentions[{resource.resource_type, resource.resource_name}];
    for (size_t i = 0; i < resources_.size(); ++i) {
      const Resource& resource = resources_[i];
      answers_.push_back(
          {.resource_type = resource.resource_type, .resource_name = std::string(resource.resource_name)});
      if (mentions[{resource.resource_type, resource.resource_name}] > 1) {
        refuse(i, invalid_request("Each resource must appear at most once."));
      } else if (auto refusal = request_refusal(resource)) {
        refuse(i, *std::move(refusal));
      } else if (resource.resource_type == ConfigResourceType::kBroker) {
        alter_broker(i);
      } else {
        topics_.push_back(i);
      }
    }
    alter_topics();
    return std::move(answers_);
  }

 private:
  void refuse(size_t i, Refusal refusal) {
    answers_[i].error_code = refusal.error;
    answers_[i].error_message = std::move(refusal.message);
  }

  void alter_broker(size_t i) {
    const Resource& resource = resources_[i];
    if (auto refusal = broker_name_refusal(broker_, resource.resource_name)) return refuse(i, *std::move(refusal));
    const auto level = resource.resource_name.empty() ? BrokerConfigs::Level::kCluster : BrokerConfigs::Level::kBroker;
    const auto done = broker_.change_configs(level, [&](const ConfigValues& present) -> std::optional<ConfigValues> {
      auto configs = Alteration(broker_, resource, from_).of_broker(level, present);
      if (!configs) refuse(i, std::move(configs).error());
      if (!configs || validate_only_) return std::nullopt;
      return *std::move(configs);
    });
    if (!done) refuse(i, {KafkaError::kKafkaStorageError, done.error().message});
  }

  // All with one write.
  void alter_topics() {
    std::vector<std::string_view> names;
    for (const size_t i : topics_) names.push_back(resources_[i].resource_name);
    const auto alter = [&](size_t number, const Topic* topic) -> std::optional<TopicStore::TopicShape> {
      const size_t i = topics_[number];
      if (topic == nullptr) {
        refuse(i, unknown_topic(resources_[i].resource_name));
        return std::nullopt;
      }
      auto configs = Alteration(broker_, resources_[i], from_).of_topic(topic->configs);
      if (!configs) refuse(i, std::move(configs).error());
      if (!configs || validate_only_ || *configs == topic->configs) return std::nullopt;
      return TopicStore::TopicShape{static_cast<int32_t>(topic->partitions.size()), *std::move(configs)};
    };
    const auto changed = broker_.topics().change(names, alter);
    for (const size_t i : topics_) {
      if (changed || answers_[i].error_code != KafkaError::kNone) continue;
      refuse(i, {KafkaError::kKafkaStorageError, changed.error().message});
    }
  }

  Broker& broker_;
  const std::span<const Resource> resources_;
  const AlterFrom from_;
  const bool validate_only_;
  std::vector<ResponseResource> answers_;  // one for each resource
  std::vector<size_t> topics_;             // of the resources
};

}  // namespace

std::vector<ResponseResource> alter_configs(Broker& broker, std::span<const Resource> resources, AlterFrom from,
                                            bool validate_only) {
  return AlterConfigsOperation(broker, resources, from, validate_only).run();
}

}  // namespace omashu::broker
