// Values of topic settings as people write them in the list of topics.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu::provision {

// In place of a setting's value: what the broker has for topics that do not set it.
inline constexpr std::string_view kDefaultValue = "default";

struct SettingValue {
  std::string value;                   // as Kafka takes it
  std::optional<std::string> problem;  // what is surely wrong with it, and what would be right
};

// A time (`7d`, `12h`, `30m`, `10s`, `500ms`) of a setting in milliseconds and a size (`64MiB`; KiB, GiB, TiB) of one
// in bytes become numbers; every other value stays as it is.
SettingValue read_setting(std::string_view name, std::string_view value);

}  // namespace omashu::provision
