// What this broker makes of each of Kafka's topic settings. Nothing is accepted that would do nothing.
//
// base/topic_configs.h says what Kafka accepts, for every program here that writes topic settings; this says what
// `omashu up` does with it. docs/settings.md is written from both.

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace omashu::broker {

enum class SettingEffect : uint8_t {
  kActs,     // as Kafka's documentation says, for every value that Kafka accepts
  kHolds,    // one value describes what is so on a single node anyway; any other is refused
  kRemoved,  // Kafka 4.0 has no such setting any more
};

// A setting of the broker from which a topic without a value of its own takes it; `unit` of it make one of the topic's.
struct BrokerSynonym {
  std::string_view name;
  int64_t unit = 1;
};

struct TopicSetting {
  std::string_view name;
  SettingEffect effect = SettingEffect::kActs;
  std::string_view held_value = {};                   // of kHolds: the only one
  std::string_view description;                       // what it does here, or why there is only one value
  std::array<BrokerSynonym, 3> broker_synonyms = {};  // the first that has a value counts

  std::span<const BrokerSynonym> synonyms() const;
  // The value that is in force where nobody has set one. Nothing where the setting is removed.
  std::string_view default_value() const;
};

std::span<const TopicSetting> topic_settings();  // by name
const TopicSetting* find_topic_setting(std::string_view name);

}  // namespace omashu::broker
