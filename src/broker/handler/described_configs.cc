#include "broker/handler/described_configs.h"

#include <utility>

#include "base/topic_configs.h"

namespace omashu::broker {
namespace {

using Config = DescribeConfigsResponse::Config;
using Kind = TopicConfigDefinition::Kind;

ConfigType type_of(Kind kind) {
  switch (kind) {
    case Kind::kInt: return ConfigType::kInt;
    case Kind::kLong: return ConfigType::kLong;
    case Kind::kDouble: return ConfigType::kDouble;
    case Kind::kBoolean: return ConfigType::kBoolean;
    case Kind::kOneOf: return ConfigType::kString;
    case Kind::kPolicies:
    case Kind::kList: return ConfigType::kList;
  }
  return ConfigType::kUnknown;
}

void add_synonyms(Config& config, std::vector<BrokerConfigs::Value> values) {
  for (BrokerConfigs::Value& value : values) {
    config.synonyms.push_back({.name = std::move(value.name), .value = std::move(value.value), .source = value.source});
  }
}

}  // namespace

DescribedTopicConfigs::DescribedTopicConfigs(const BrokerConfigs& broker) {
  for (const TopicSetting& setting : topic_settings()) {
    if (setting.effect == SettingEffect::kRemoved) continue;
    Config& config = defaults_.emplace_back();
    config.name = std::string(setting.name);
    config.value = std::string(setting.default_value());
    config.config_source = ConfigSource::kDefaultConfig;
    config.config_type = type_of(find_topic_config(setting.name)->kind);
    config.documentation = std::string(setting.description);
    auto values = broker.values_of(setting);
    if (values.empty()) continue;
    config.value = topic_value(*find_broker_setting(values.front().name), values.front().value);
    config.config_source = values.front().source;
    add_synonyms(config, std::move(values));
  }
}

std::vector<Config> DescribedTopicConfigs::of(const TopicConfigs& configs) const {
  std::vector<Config> described = defaults_;
  for (Config& config : described) {
    const auto set = configs.find(config.name);
    if (set == configs.end()) continue;
    config.value = set->second;
    config.config_source = ConfigSource::kTopicConfig;
    config.synonyms.insert(config.synonyms.begin(),
                           {.name = config.name, .value = set->second, .source = ConfigSource::kTopicConfig});
  }
  return described;
}

std::vector<Config> described_broker_configs(const BrokerConfigs& broker) {
  std::vector<Config> described;
  for (const BrokerSetting& setting : broker_settings()) {
    Config& config = described.emplace_back();
    config.name = std::string(setting.name());
    config.read_only = setting.update_mode == UpdateMode::kReadOnly;
    config.config_source = ConfigSource::kDefaultConfig;
    config.config_type = type_of(setting.definition.kind);
    config.documentation = setting.description;
    add_synonyms(config, broker.values_of(setting));
    if (config.synonyms.empty()) continue;
    config.value = config.synonyms.front().value;
    config.config_source = config.synonyms.front().source;
  }
  return described;
}

std::vector<Config> described_cluster_configs(const BrokerConfigs& broker) {
  std::vector<Config> described;
  for (const auto& [name, value] : broker.at(BrokerConfigs::Level::kCluster)) {
    const BrokerSetting& setting = *find_broker_setting(name);
    described.push_back(
        {.name = name,
         .value = value,
         .config_source = ConfigSource::kDynamicDefaultBrokerConfig,
         .synonyms = {{.name = name, .value = value, .source = ConfigSource::kDynamicDefaultBrokerConfig}},
         .config_type = type_of(setting.definition.kind),
         .documentation = setting.description});
  }
  return described;
}

}  // namespace omashu::broker
