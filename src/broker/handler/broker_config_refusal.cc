#include "broker/handler/broker_config_refusal.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "broker/handler/broker.h"
#include "broker/handler/topic_config_refusal.h"

namespace omashu::broker {

std::optional<Refusal> broker_name_refusal(const Broker& broker, std::string_view name) {
  const int32_t node_id = broker.options().node_id;
  if (name.empty() || name == std::to_string(node_id)) return std::nullopt;
  return Refusal{KafkaError::kInvalidRequest,
                 fmt::format("Unexpected broker id, expected {} or empty string, but received {}", node_id, name)};
}

std::optional<Refusal> broker_configs_refusal(const BrokerConfigs& present, BrokerConfigs::Level level,
                                              const ConfigValues& configs) {
  std::vector<std::string_view> read_only;
  for (const auto& [name, value] : configs) {
    const BrokerSetting* setting = find_broker_setting(name);
    if (setting == nullptr) return Refusal{KafkaError::kInvalidConfig, fmt::format("Unknown broker config {}.", name)};
    if (setting->update_mode == UpdateMode::kReadOnly) {
      read_only.push_back(name);
    } else if (auto problem = broker_setting_problem(*setting, value)) {
      return Refusal{KafkaError::kInvalidConfig,
                     fmt::format("Invalid value {} for configuration {}: {}", value, name, *problem)};
    }
  }
  if (!read_only.empty()) {
    return Refusal{KafkaError::kInvalidRequest,
                   fmt::format("Cannot update these configs dynamically: {}", fmt::join(read_only, ", "))};
  }
  return compaction_lag_refusal({}, present.topic_defaults_with(level, configs));
}

}  // namespace omashu::broker
