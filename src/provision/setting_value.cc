#include "provision/setting_value.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/duration.h"
#include "base/nearest.h"
#include "base/shown.h"
#include "base/topic_configs.h"
#include "provision/ssv_file.h"

namespace omashu::provision {

namespace {

struct SizeUnit {
  std::string_view name;
  int64_t bytes;
};
constexpr auto kSizeUnits = std::to_array<SizeUnit>(
    {{"KiB", int64_t{1} << 10}, {"MiB", int64_t{1} << 20}, {"GiB", int64_t{1} << 30}, {"TiB", int64_t{1} << 40}});

bool ends_in_letter(std::string_view value) {
  const char last = value.empty() ? '0' : value.back();
  return (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z');
}

std::optional<std::string> milliseconds_of(std::string_view value) {
  const auto duration = parse_duration(value);
  return duration ? std::optional(std::to_string(duration->count())) : std::nullopt;
}

std::optional<std::string> bytes_of(std::string_view value) {
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::string_view name = value.substr(static_cast<size_t>(stop - value.data()));
  for (const SizeUnit& unit : kSizeUnits) {
    if (unit.name != name || number > std::numeric_limits<int64_t>::max() / unit.bytes) continue;
    return std::to_string(number * unit.bytes);
  }
  return std::nullopt;
}

// Kafka's settings and those of other makes have a dot in their names, but for a few that are known.
std::optional<std::string> plain_name_problem(std::string_view name) {
  if (name.find('.') != std::string_view::npos || find_topic_config(name) != nullptr) return std::nullopt;
  std::vector<std::string> known = {std::string(kCompatibility)};
  for (const TopicConfigDefinition& config : topic_config_definitions()) known.emplace_back(config.name);
  const std::string suggestion = did_you_mean(name, known);
  return fmt::format("unknown setting {}{}", name,
                     suggestion.empty() ? ": write a topic setting as Kafka names it, compatibility=LEVEL or "
                                          "reference.SUBJECT=VERSION"
                                        : suggestion);
}

}  // namespace

SettingValue read_setting(std::string_view name, std::string_view value) {
  if (auto problem = plain_name_problem(name)) return {std::string(value), std::move(problem)};
  if (value == kDefaultValue) {
    const bool is_known = find_topic_config(name) != nullptr;
    return {std::string(value), is_known ? std::nullopt : topic_config_problem(name, value)};
  }
  if (ends_in_letter(value)) {
    const bool is_time = name.ends_with(".ms");
    const bool is_size = name.ends_with(".bytes");
    if (auto number = is_time ? milliseconds_of(value) : is_size ? bytes_of(value) : std::nullopt) {
      return {*number, topic_config_problem(name, *number)};
    }
    if (find_topic_config(name) != nullptr && (is_time || is_size)) {
      return {std::string(value), fmt::format("{} is {}: it takes a whole number of {}", name, shown(value),
                                              is_time ? "milliseconds, or a time as 7d, 12h, 30m, 10s or 500ms"
                                                      : "bytes, or a size as 16KiB, 64MiB or 2GiB (of 1024)")};
    }
  }
  return {std::string(value), topic_config_problem(name, value)};
}

}  // namespace omashu::provision
