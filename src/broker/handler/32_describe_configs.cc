// DescribeConfigs, 1 to 4. A topic has every config that can be set, each with its source; the synonyms are the values
// that would be taken in turn. Of the broker, what a program or a person may want to know of it; nothing of that can be
// altered.
//
// A resource that the request names twice is described once. Left out: documentation, loggers, client metrics, groups.

#include "broker/protocol/32_describe_configs.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/topic_configs.h"
#include "base/topic_name.h"
#include "broker/config/topic_settings.h"
#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using Asked = DescribeConfigsRequest::Resource;
using Described = DescribeConfigsResponse::Result;
using Config = DescribeConfigsResponse::Config;

ConfigType type_of(TopicConfigDefinition::Kind kind) {
  switch (kind) {
    case TopicConfigDefinition::Kind::kInt: return ConfigType::kInt;
    case TopicConfigDefinition::Kind::kLong: return ConfigType::kLong;
    case TopicConfigDefinition::Kind::kDouble: return ConfigType::kDouble;
    case TopicConfigDefinition::Kind::kBoolean: return ConfigType::kBoolean;
    case TopicConfigDefinition::Kind::kOneOf: return ConfigType::kString;
    case TopicConfigDefinition::Kind::kPolicies:
    case TopicConfigDefinition::Kind::kList: return ConfigType::kList;
  }
  return ConfigType::kUnknown;
}

std::vector<Config> topic_configs(const Topic& topic) {
  std::vector<Config> configs;
  for (const TopicSetting& setting : topic_settings()) {
    if (setting.effect == SettingEffect::kRemoved) continue;
    const std::string name(setting.name);
    Config& config = configs.emplace_back();
    config.name = name;
    config.config_type = type_of(find_topic_config(name)->kind);
    const auto set = topic.configs.find(name);
    if (set != topic.configs.end()) {
      config.synonyms.push_back({.name = name, .value = set->second, .source = ConfigSource::kTopicConfig});
    }
    config.synonyms.push_back(
        {.name = name, .value = std::string(setting.default_value()), .source = ConfigSource::kDefaultConfig});
    config.value = config.synonyms.front().value;
    config.config_source = config.synonyms.front().source;
  }
  return configs;
}

std::vector<Config> broker_configs(const BrokerOptions& options) {
  std::vector<Config> configs;
  const auto add = [&](const char* name, std::string value, ConfigType type, ConfigSource source) {
    configs.push_back({.name = name,
                       .value = value,
                       .read_only = true,
                       .config_source = source,
                       .synonyms = {{.name = name, .value = value, .source = source}},
                       .config_type = type});
  };
  constexpr ConfigSource kOption = ConfigSource::kStaticBrokerConfig;
  constexpr ConfigSource kAlways = ConfigSource::kDefaultConfig;
  add("auto.create.topics.enable", options.auto_create_topics ? "true" : "false", ConfigType::kBoolean, kOption);
  add("broker.id", std::to_string(options.node_id), ConfigType::kInt, kOption);
  add("default.replication.factor", "1", ConfigType::kInt, kAlways);
  add("delete.topic.enable", "true", ConfigType::kBoolean, kAlways);
  add("log.dirs", options.data_folder, ConfigType::kString, kOption);
  add("message.max.bytes", std::to_string(LogConfig().max_message_bytes), ConfigType::kInt, kAlways);
  add("min.insync.replicas", "1", ConfigType::kInt, kAlways);
  add("node.id", std::to_string(options.node_id), ConfigType::kInt, kOption);
  add("num.partitions", std::to_string(options.default_partitions), ConfigType::kInt, kOption);
  return configs;
}

void refuse(Described& described, Refusal refusal) {
  described.error_code = refusal.error;
  described.error_message = std::move(refusal.message);
}

void describe_topic(const TopicStore& topics, Described& described) {
  if (auto problem = topic_name_problem(described.resource_name)) {
    return refuse(described, {KafkaError::kInvalidTopicException, *std::move(problem)});
  }
  const TopicPtr topic = topics.find(described.resource_name);
  if (topic == nullptr) return refuse(described, unknown_topic(described.resource_name));
  described.configs = topic_configs(*topic);
}

// The empty name asks for the configs that are set on all brokers together: there are none.
void describe_broker(const BrokerOptions& options, Described& described) {
  if (described.resource_name.empty()) return;
  if (described.resource_name != std::to_string(options.node_id)) {
    return refuse(described, {KafkaError::kInvalidRequest,
                              fmt::format("Unexpected broker id, expected {} or empty string, but received {}",
                                          options.node_id, described.resource_name)});
  }
  described.configs = broker_configs(options);
}

void keep_what_is_asked(const Asked& asked, bool include_synonyms, std::vector<Config>& configs) {
  if (asked.configuration_keys && !asked.configuration_keys->empty()) {
    std::erase_if(configs, [&](const Config& config) {
      return std::ranges::find(*asked.configuration_keys, config.name) == asked.configuration_keys->end();
    });
  }
  if (include_synonyms) return;
  for (Config& config : configs) config.synonyms.clear();
}

Described describe(Broker& broker, const Asked& asked) {
  Described described{.resource_type = asked.resource_type, .resource_name = std::string(asked.resource_name)};
  switch (asked.resource_type) {
    case ConfigResourceType::kTopic: describe_topic(broker.topics(), described); break;
    case ConfigResourceType::kBroker: describe_broker(broker.options(), described); break;
    default:
      refuse(described, {KafkaError::kInvalidRequest,
                         fmt::format("Unsupported resource type: {}", static_cast<int>(asked.resource_type))});
  }
  return described;
}

}  // namespace

DescribeConfigsResponse handle_describe_configs(Broker& broker, const RequestContext&,
                                                const DescribeConfigsRequest& request) {
  DescribeConfigsResponse response;
  std::set<std::pair<ConfigResourceType, std::string_view>> seen;
  for (const Asked& asked : request.resources) {
    if (!seen.emplace(asked.resource_type, asked.resource_name).second) continue;
    Described& described = response.results.emplace_back(describe(broker, asked));
    keep_what_is_asked(asked, request.include_synonyms, described.configs);
  }
  return response;
}

}  // namespace omashu::broker
