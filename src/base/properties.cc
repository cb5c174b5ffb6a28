#include "base/properties.h"

#include <fmt/format.h>

#include <algorithm>

namespace omashu {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\f";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Takes the next line off `text`.
std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(line);
}

}  // namespace

Result<Properties> parse_properties(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Properties properties;
  size_t number = 0;
  while (!text.empty()) {
    const size_t first_number = ++number;
    std::string line(take_line(text));
    if (line.empty() || line[0] == '#' || line[0] == '!') continue;
    while (line.ends_with('\\') && !text.empty()) {
      line.pop_back();
      line += take_line(text);
      ++number;
    }
    const size_t separator = line.find_first_of("=:");
    const std::string_view name = trimmed(std::string_view(line).substr(0, separator));
    if (separator == std::string::npos || name.empty()) {
      return fail(
          Error{ErrorCode::kInvalidArgument, "expected name=value", TextPosition{.line = first_number, .column = 1}});
    }
    properties.emplace_back(name, trimmed(std::string_view(line).substr(separator + 1)));
  }
  return properties;
}

Result<std::pair<std::string, std::string>> parse_property(std::string_view text) {
  const size_t separator = text.find('=');
  if (separator == std::string_view::npos || separator == 0) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("expected name=value{}",
                            separator == std::string_view::npos ? fmt::format(", found '{}'", text) : ""));
  }
  return std::pair(std::string(text.substr(0, separator)), std::string(text.substr(separator + 1)));
}

}  // namespace omashu
