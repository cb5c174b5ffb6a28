// The settings of a Kafka topic: which there are, what their values may be, and when two values are the same.

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace omashu {

inline constexpr std::string_view kCleanupPolicy = "cleanup.policy";

struct TopicConfigDefinition {
  enum class Kind { kInt, kLong, kDouble, kBoolean, kOneOf, kPolicies, kList };

  std::string_view name;
  Kind kind;
  std::optional<std::string_view> default_value = {};  // of a Kafka 4 broker; nothing for one that Kafka 4 dropped
  int64_t min = std::numeric_limits<int64_t>::min();
  int64_t max = std::numeric_limits<int64_t>::max();
  std::string_view choices = {};  // of kOneOf, separated by spaces
};

std::span<const TopicConfigDefinition> topic_config_definitions();  // by name
const TopicConfigDefinition* find_topic_config(std::string_view name);

// What is wrong with the value of this setting, and what would be right.
std::optional<std::string> config_value_problem(const TopicConfigDefinition& config, std::string_view value);

// What is surely wrong with `name=value`, and what would be right. Nothing for a setting that is not known here, unless
// it is nearly the name of one that is: brokers of other makes have settings of their own, and each broker checks what
// it is asked to set.
std::optional<std::string> topic_config_problem(std::string_view name, std::string_view value);

// Whether both values mean the same to Kafka: numbers by value, booleans in any case, lists in any order.
bool same_config_value(std::string_view name, std::string_view a, std::string_view b);

// The value of a `.ms` or `.bytes` setting as people say it ("7 days", "1 GiB"); "" where there is nothing to add.
std::string human_config_value(std::string_view name, std::string_view value);

bool is_compacted(std::string_view cleanup_policy);

}  // namespace omashu
