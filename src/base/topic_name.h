// Kafka's rules for the names of topics (org.apache.kafka.common.internals.Topic).

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu {

// What is wrong with the name, and what would be right; nothing where Kafka accepts it.
std::optional<std::string> topic_name_problem(std::string_view name);

// Topics whose names give the same text here share the names of their metrics, so Kafka refuses the second one:
// '.' and '_' count as one.
std::string metric_name(std::string_view topic);

// An order in which such names are one.
struct MetricNameLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

// Kafka's own topics, and the one in which a registry keeps its state: never exported, never pruned.
bool is_internal_topic(std::string_view name);

}  // namespace omashu
