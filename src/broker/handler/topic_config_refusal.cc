#include "broker/handler/topic_config_refusal.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "base/topic_configs.h"
#include "broker/config/topic_settings.h"

namespace omashu::broker {
namespace {

using Kind = TopicConfigDefinition::Kind;

constexpr std::string_view kMinInsyncReplicas = "min.insync.replicas";
constexpr size_t kMaxValueBytes = 32'767;  // a longer one could not be described

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The lists of a topic all name replicas: "*", or "PARTITION:BROKER,…", which may be empty.
bool is_list_of_replicas(std::string_view list) {
  if (list == "*") return true;
  while (!list.empty()) {
    const std::string_view replica = list.substr(0, list.find(','));
    const size_t colon = replica.find(':');
    if (colon == std::string_view::npos) return false;
    if (!is_number(replica.substr(0, colon)) || !is_number(replica.substr(colon + 1))) return false;
    list.remove_prefix(std::min(replica.size() + 1, list.size()));
  }
  return true;
}

std::string range_of(const TopicConfigDefinition& config) {
  const std::string_view number = config.kind == Kind::kDouble ? "number" : "whole number";
  if (config.min == std::numeric_limits<int64_t>::min()) return fmt::format("a {}", number);
  if (config.max == std::numeric_limits<int64_t>::max()) return fmt::format("a {} of at least {}", number, config.min);
  return fmt::format("a {} from {} to {}", number, config.min, config.max);
}

std::string what_it_takes(const TopicConfigDefinition& config) {
  switch (config.kind) {
    case Kind::kInt:
    case Kind::kLong:
    case Kind::kDouble: return fmt::format("It must be {}.", range_of(config));
    case Kind::kBoolean: return "Expected value to be either true or false";
    case Kind::kPolicies: return "String must be one of: compact, delete";
    case Kind::kList: return "It must be '*' or a list of [partitionId]:[brokerId], separated by commas.";
    case Kind::kOneOf: break;
  }
  std::string choices;
  for (const char c : config.choices) choices += c == ' ' ? std::string(", ") : std::string(1, c);
  return "String must be one of: " + choices;
}

// What Kafka says of it.
std::optional<std::string> value_problem(const TopicConfigDefinition& config, std::string_view value) {
  if (value.size() > kMaxValueBytes) return fmt::format("The value for configuration {} is too long.", config.name);
  const bool is_right =
      config.kind == Kind::kList ? is_list_of_replicas(value) : !topic_config_problem(config.name, value);
  if (is_right) return std::nullopt;
  return fmt::format("Invalid value {} for configuration {}: {}", value, config.name, what_it_takes(config));
}

std::optional<std::string> problem(std::string_view name, std::string_view value, const ConfigRules& rules) {
  const TopicSetting* setting = find_topic_setting(name);
  if (setting == nullptr) return fmt::format("Unknown topic config name: {}", name);
  if (setting->effect == SettingEffect::kRemoved) {
    return fmt::format("Unknown topic config name: {}. {}", name, setting->description);
  }
  if (auto wrong = value_problem(*find_topic_config(name), value)) return wrong;
  if (setting->effect == SettingEffect::kActs || same_config_value(name, value, setting->held_value)) {
    return std::nullopt;
  }
  if (name == kMinInsyncReplicas && rules.accept_any_replication_factor) return std::nullopt;
  return fmt::format("Invalid value {} for configuration {}: this broker takes '{}' alone. {}", value, name,
                     setting->held_value, setting->description);
}

}  // namespace

std::optional<Refusal> configs_refusal(const TopicConfigs& configs, const ConfigRules& rules) {
  for (const auto& [name, value] : configs) {
    if (rules.present != nullptr) {
      const auto present = rules.present->find(name);
      if (present != rules.present->end() && present->second == value) continue;
    }
    if (auto message = problem(name, value, rules)) return Refusal{KafkaError::kInvalidConfig, *std::move(message)};
  }
  return compaction_lag_refusal(configs, rules.broker_defaults);
}

std::optional<Refusal> compaction_lag_refusal(const TopicConfigs& configs, const TopicConfigs& broker_defaults) {
  const LogConfig log = log_config_of(configs, broker_defaults);
  if (log.min_compaction_lag_ms > log.max_compaction_lag_ms) {
    return Refusal{KafkaError::kInvalidConfig,
                   fmt::format("min.compaction.lag.ms ({}) is larger than max.compaction.lag.ms ({}).",
                               log.min_compaction_lag_ms, log.max_compaction_lag_ms)};
  }
  return std::nullopt;
}

}  // namespace omashu::broker
