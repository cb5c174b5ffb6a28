// The broker's own settings, under Kafka's names: those that topics take their defaults from (topic_settings.h), those
// of consumer groups, and what tools ask a broker for. docs/settings.md is written from this.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/topic_configs.h"
#include "broker/config/topic_settings.h"

namespace omashu::broker {

// Kafka's words for when a setting can change.
enum class UpdateMode : uint8_t {
  kReadOnly,     // with a restart
  kClusterWide,  // at any time, for one broker or for all
};

struct BrokerSetting {
  TopicConfigDefinition definition;  // its name, and what its values may be; without the default
  UpdateMode update_mode = UpdateMode::kReadOnly;
  bool is_option = false;                         // `omashu up --config NAME=VALUE` takes it
  std::optional<std::string> default_value = {};  // nothing where Kafka has none, or where the broker says at start
  std::string description;
  const TopicSetting* topic_setting = nullptr;  // whose default it is
  int64_t unit = 1;                             // of the topic setting

  std::string_view name() const { return definition.name; }
};

std::span<const BrokerSetting> broker_settings();  // by name
const BrokerSetting* find_broker_setting(std::string_view name);

// What is wrong with the value of a setting that can be set, and what would be right.
std::optional<std::string> broker_setting_problem(const BrokerSetting& setting, std::string_view value);

// The value of the topic setting to which a value of this broker setting amounts: log.retention.hours=1 is
// retention.ms=3600000.
std::string topic_value(const BrokerSetting& setting, std::string_view value);

}  // namespace omashu::broker
