#include "base/sections.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace omashu {

namespace {

constexpr std::string_view kBlanks = " \t\f\r";

std::unexpected<Error> malformed(size_t line, std::string what) {
  return fail(Error{ErrorCode::kInvalidArgument, std::move(what), TextPosition{line, 1}});
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

bool is_name(std::string_view name) {
  constexpr std::string_view kOthers = "._-";
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kOthers.contains(c);
  });
}

// The properties of `body`, which starts behind `line`.
Result<void> fill(Section& section, std::string_view body, size_t line) {
  auto properties = parse_properties(body);
  if (!properties) {
    if (properties.error().position) properties.error().position->line += line;
    return fail(std::move(properties.error()));
  }
  section.properties = *std::move(properties);
  for (Property& property : section.properties) property.line += line;
  return {};
}

}  // namespace

Result<std::vector<Section>> parse_sections(std::string_view text) {
  std::vector<Section> sections(1);
  size_t number = 0, body_line = 0, body = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trimmed(text.substr(at, end - at));
    ++number;
    if (line.starts_with('[')) {
      if (!line.ends_with(']')) return malformed(number, "a section is [NAME] on a line of its own");
      const std::string_view name = trimmed(line.substr(1, line.size() - 2));
      if (!is_name(name)) return malformed(number, "the name of a section is letters, digits, '.', '_' and '-'");
      if (std::ranges::find(sections, name, &Section::name) != sections.end()) {
        return malformed(number, fmt::format("[{}] stands here for the second time", name));
      }
      if (auto filled = fill(sections.back(), text.substr(body, at - body), body_line); !filled) {
        return fail(std::move(filled.error()));
      }
      sections.push_back({.name = std::string(name), .line = number, .properties = {}});
      body = std::min(end + 1, text.size());
      body_line = number;
    }
    at = end + 1;
  }
  if (auto filled = fill(sections.back(), text.substr(std::min(body, text.size())), body_line); !filled) {
    return fail(std::move(filled.error()));
  }
  return sections;
}

}  // namespace omashu
