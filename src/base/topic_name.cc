#include "base/topic_name.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/shown.h"

namespace omashu {

namespace {

constexpr size_t kMaxCharacters = 249;

bool is_legal(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

char in_metrics(char c) { return c == '.' ? '_' : c; }

}  // namespace

std::optional<std::string> topic_name_problem(std::string_view name) {
  if (name.empty()) return "the topic name is empty";
  if (name == "." || name == "..") return fmt::format("a topic cannot be named '{}'", name);
  if (name.size() > kMaxCharacters) {
    return fmt::format("the topic name has {} characters: at most {} are allowed", name.size(), kMaxCharacters);
  }
  if (!std::ranges::all_of(name, is_legal)) {
    return fmt::format("illegal topic name {}: use letters, digits, '.', '_' and '-' only", shown(name));
  }
  return std::nullopt;
}

std::string metric_name(std::string_view topic) {
  std::string name(topic);
  std::ranges::transform(name, name.begin(), in_metrics);
  return name;
}

bool MetricNameLess::operator()(std::string_view a, std::string_view b) const {
  return std::ranges::lexicographical_compare(a, b, {}, in_metrics, in_metrics);
}

bool is_internal_topic(std::string_view name) { return name.starts_with("__") || name == "_schemas"; }

}  // namespace omashu
