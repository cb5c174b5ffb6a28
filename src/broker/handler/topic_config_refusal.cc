#include "broker/handler/topic_config_refusal.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "base/topic_configs.h"

namespace omashu::broker {
namespace {

using Kind = TopicConfigDefinition::Kind;

constexpr size_t kMostValueBytes = 32'767;  // a longer one could not be described

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
  if (config.least == std::numeric_limits<int64_t>::min()) return fmt::format("a {}", number);
  if (config.most == std::numeric_limits<int64_t>::max())
    return fmt::format("a {} of at least {}", number, config.least);
  return fmt::format("a {} from {} to {}", number, config.least, config.most);
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

std::optional<std::string> problem(std::string_view name, std::string_view value) {
  const TopicConfigDefinition* config = find_topic_config(name);
  if (config == nullptr || !config->default_value) return fmt::format("Unknown topic config name: {}", name);
  if (value.size() > kMostValueBytes) return fmt::format("The value for configuration {} is too long.", name);
  const bool is_right = config->kind == Kind::kList ? is_list_of_replicas(value) : !topic_config_problem(name, value);
  if (is_right) return std::nullopt;
  return fmt::format("Invalid value {} for configuration {}: {}", value, name, what_it_takes(*config));
}

}  // namespace

std::optional<Refusal> configs_refusal(const TopicConfigs& configs) {
  for (const auto& [name, value] : configs) {
    if (auto message = problem(name, value)) return Refusal{KafkaError::kInvalidConfig, *std::move(message)};
  }
  const LogConfig log = log_config_of(configs);
  if (log.min_compaction_lag_ms > log.max_compaction_lag_ms) {
    return Refusal{KafkaError::kInvalidConfig,
                   fmt::format("min.compaction.lag.ms ({}) is larger than max.compaction.lag.ms ({}).",
                               log.min_compaction_lag_ms, log.max_compaction_lag_ms)};
  }
  return std::nullopt;
}

}  // namespace omashu::broker
