#include "base/topic_configs.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/nearest.h"
#include "base/shown.h"

namespace omashu {

namespace {

using Kind = TopicConfigDefinition::Kind;

constexpr int64_t kMaxInt = std::numeric_limits<int32_t>::max();
constexpr int64_t kMaxLong = std::numeric_limits<int64_t>::max();

// org.apache.kafka.common.config.TopicConfig and the validators of org.apache.kafka.storage.internals.log.LogConfig,
// Kafka 2.8 to 4.x. Where releases differ, the wider range stands here and the broker has the last word.
constexpr auto kTopicConfigs = std::to_array<TopicConfigDefinition>({
    {kCleanupPolicy, Kind::kPolicies, "delete"},
    {"compression.gzip.level", Kind::kInt, "-1", -1, 9},
    {"compression.lz4.level", Kind::kInt, "9", 1, 17},
    {"compression.type", Kind::kOneOf, "producer", 0, 0, "uncompressed zstd lz4 snappy gzip producer"},
    {"compression.zstd.level", Kind::kInt, "3", -131072, 22},
    {"delete.retention.ms", Kind::kLong, "86400000", 0, kMaxLong},
    {"file.delete.delay.ms", Kind::kLong, "60000", 0, kMaxLong},
    {"flush.messages", Kind::kLong, "9223372036854775807", 0, kMaxLong},
    {"flush.ms", Kind::kLong, "9223372036854775807", 0, kMaxLong},
    {"follower.replication.throttled.replicas", Kind::kList, ""},
    {"index.interval.bytes", Kind::kInt, "4096", 0, kMaxInt},
    {"leader.replication.throttled.replicas", Kind::kList, ""},
    {"local.retention.bytes", Kind::kLong, "-2", -2, kMaxLong},
    {"local.retention.ms", Kind::kLong, "-2", -2, kMaxLong},
    {"max.compaction.lag.ms", Kind::kLong, "9223372036854775807", 1, kMaxLong},
    {"max.message.bytes", Kind::kInt, "1048588", 0, kMaxInt},
    {"message.downconversion.enable", Kind::kBoolean, std::nullopt},
    {"message.format.version", Kind::kList, std::nullopt},
    {"message.timestamp.after.max.ms", Kind::kLong, "3600000", 0, kMaxLong},
    {"message.timestamp.before.max.ms", Kind::kLong, "9223372036854775807", 0, kMaxLong},
    {"message.timestamp.difference.max.ms", Kind::kLong, std::nullopt, 0, kMaxLong},
    {"message.timestamp.type", Kind::kOneOf, "CreateTime", 0, 0, "CreateTime LogAppendTime"},
    {"min.cleanable.dirty.ratio", Kind::kDouble, "0.5", 0, 1},
    {"min.compaction.lag.ms", Kind::kLong, "0", 0, kMaxLong},
    {"min.insync.replicas", Kind::kInt, "1", 1, kMaxInt},
    {"preallocate", Kind::kBoolean, "false"},
    {"remote.copy.lag.bytes", Kind::kLong, "0", -1, kMaxLong},
    {"remote.copy.lag.ms", Kind::kLong, "0", -1, kMaxLong},
    {"remote.log.copy.disable", Kind::kBoolean, "false"},
    {"remote.log.delete.on.disable", Kind::kBoolean, "false"},
    {"remote.storage.enable", Kind::kBoolean, "false"},
    {"retention.bytes", Kind::kLong, "-1"},
    {"retention.ms", Kind::kLong, "604800000", -1, kMaxLong},
    {"segment.bytes", Kind::kInt, "1073741824", 14, kMaxInt},
    {"segment.index.bytes", Kind::kInt, "10485760", 4, kMaxInt},
    {"segment.jitter.ms", Kind::kLong, "0", 0, kMaxLong},
    {"segment.ms", Kind::kLong, "604800000", 1, kMaxLong},
    {"unclean.leader.election.enable", Kind::kBoolean, "false"},
});
static_assert(std::ranges::is_sorted(kTopicConfigs, {}, &TopicConfigDefinition::name));

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);  // as Java reads it
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> sorted_parts(std::string_view text) {
  std::vector<std::string_view> parts = split(text, ',');
  std::ranges::sort(parts);
  return parts;
}

std::optional<std::string> range_problem(const TopicConfigDefinition& config, std::string_view value) {
  const bool is_integer = config.kind != Kind::kDouble;
  const auto integer = is_integer ? parse_number<int64_t>(value) : std::nullopt;
  const auto real = is_integer ? std::nullopt : parse_number<double>(value);
  if (!integer && !real) {
    const std::string_view unit = config.name.ends_with(".ms")      ? " of milliseconds"
                                  : config.name.ends_with(".bytes") ? " of bytes"
                                                                    : "";
    return fmt::format("{} is {}: it takes a {}number{}", config.name, shown(value), is_integer ? "whole " : "", unit);
  }
  const bool too_small =
      integer ? *integer < config.min : !(*real >= static_cast<double>(config.min));  // NaN is too small, too
  const bool too_large = integer ? *integer > config.max : *real > static_cast<double>(config.max);
  if (config.name == "compression.gzip.level" && integer == 0) {
    return fmt::format("{} is {}: it must be -1, or from 1 to {}", config.name, value, config.max);
  }
  if (too_small && config.max == kMaxLong) {
    return fmt::format("{} is {}: it must be at least {}", config.name, value, config.min);
  }
  if (too_small || too_large) {
    return fmt::format("{} is {}: it must be from {} to {}", config.name, value, config.min, config.max);
  }
  return std::nullopt;
}

std::optional<std::string> choice_problem(std::string_view name, std::string_view choices, std::string_view value) {
  std::string listed;
  for (const std::string_view choice : split(choices, ' ')) {
    if (choice == value) return std::nullopt;
    listed += fmt::format("{}{}", listed.empty() ? "" : ", ", choice);
  }
  return fmt::format("{} is {}: it must be one of {}", name, shown(value), listed);
}

std::optional<std::string> unknown_name_problem(std::string_view name) {
  // Farther away, it may well be a setting of another make of broker.
  constexpr size_t kMaxTypos = 2;
  const TopicConfigDefinition* best = nullptr;
  size_t best_distance = kMaxTypos + 1;
  for (const TopicConfigDefinition& config : kTopicConfigs) {
    const size_t distance = edit_distance(name, config.name);
    if (distance < best_distance) {
      best = &config;
      best_distance = distance;
    }
  }
  if (best == nullptr) return std::nullopt;
  return fmt::format("unknown setting {}: did you mean {}?", name, best->name);
}

struct Unit {
  int64_t size;
  std::string_view singular;
  std::string_view plural;
};

constexpr auto kTimeUnits = std::to_array<Unit>({{86'400'000, "day", "days"},
                                                 {3'600'000, "hour", "hours"},
                                                 {60'000, "minute", "minutes"},
                                                 {1'000, "second", "seconds"}});
constexpr auto kByteUnits = std::to_array<Unit>(
    {{1LL << 40, "TiB", "TiB"}, {1LL << 30, "GiB", "GiB"}, {1LL << 20, "MiB", "MiB"}, {1LL << 10, "KiB", "KiB"}});

std::string in_units(int64_t number, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (number < unit.size) continue;
    if (number % unit.size == 0) {
      const int64_t count = number / unit.size;
      return fmt::format("{} {}", count, count == 1 ? unit.singular : unit.plural);
    }
    return fmt::format("about {:.1f} {}", static_cast<double>(number) / static_cast<double>(unit.size), unit.plural);
  }
  return {};
}

}  // namespace

std::span<const TopicConfigDefinition> topic_config_definitions() { return kTopicConfigs; }

const TopicConfigDefinition* find_topic_config(std::string_view name) {
  const auto found = std::ranges::lower_bound(kTopicConfigs, name, {}, &TopicConfigDefinition::name);
  return found == kTopicConfigs.end() || found->name != name ? nullptr : &*found;
}

std::optional<std::string> topic_config_problem(std::string_view name, std::string_view value) {
  const TopicConfigDefinition* config = find_topic_config(name);
  return config == nullptr ? unknown_name_problem(name) : config_value_problem(*config, value);
}

std::optional<std::string> config_value_problem(const TopicConfigDefinition& config, std::string_view value) {
  switch (config.kind) {
    case Kind::kInt:
    case Kind::kLong:
    case Kind::kDouble: return range_problem(config, value);
    case Kind::kBoolean: {
      const std::string word = lower(trimmed(value));
      if (word == "true" || word == "false") return std::nullopt;
      return fmt::format("{} is {}: it must be true or false", config.name, shown(value));
    }
    case Kind::kOneOf: return choice_problem(config.name, config.choices, value);
    case Kind::kPolicies:
      for (const std::string_view part : split(value, ',')) {
        if (part != "delete" && part != "compact") {
          return fmt::format("unknown cleanup policy {}: use delete, compact or compact,delete", shown(value));
        }
      }
      return std::nullopt;
    case Kind::kList: return std::nullopt;
  }
  return std::nullopt;
}

bool same_config_value(std::string_view name, std::string_view a, std::string_view b) {
  if (a == b) return true;
  const TopicConfigDefinition* config = find_topic_config(name);
  if (config == nullptr) return trimmed(a) == trimmed(b);
  switch (config->kind) {
    case Kind::kInt:
    case Kind::kLong: {
      const auto first = parse_number<int64_t>(a);
      return first && first == parse_number<int64_t>(b);
    }
    case Kind::kDouble: {
      const auto first = parse_number<double>(a);
      return first && first == parse_number<double>(b);
    }
    case Kind::kBoolean: return lower(trimmed(a)) == lower(trimmed(b));
    case Kind::kPolicies:
    case Kind::kList: return sorted_parts(a) == sorted_parts(b);
    case Kind::kOneOf: return trimmed(a) == trimmed(b);
  }
  return false;
}

std::string human_config_value(std::string_view name, std::string_view value) {
  const bool is_time = name.ends_with(".ms");
  if (!is_time && !name.ends_with(".bytes")) return {};
  const auto number = parse_number<int64_t>(value);
  if (!number) return {};
  if (*number == -1 && name.find("retention") != std::string_view::npos) return "no limit";
  if (*number == kMaxLong) return "no limit";
  return is_time ? in_units(*number, kTimeUnits) : in_units(*number, kByteUnits);
}

bool is_compacted(std::string_view cleanup_policy) {
  const std::vector<std::string_view> policies = split(cleanup_policy, ',');
  return std::ranges::find(policies, "compact") != policies.end();
}

}  // namespace omashu
