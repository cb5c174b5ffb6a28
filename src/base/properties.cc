#include "base/properties.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/utf8.h"

namespace omashu {
namespace {

constexpr std::string_view kBlanks = " \t\f";

std::unexpected<Error> malformed(size_t line, std::string what) {
  return fail(Error{ErrorCode::kInvalidArgument, std::move(what), TextPosition{line, 1}});
}

// Cuts the text into logical lines: continuations joined, comments and blank lines left out.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}

  // False at the end. `first_line` is where the logical line started.
  bool next(std::string& logical, size_t& first_line) {
    while (!rest_.empty()) {
      first_line = line_ + 1;
      std::string_view line = take_line();
      if (line.empty() || line[0] == '#' || line[0] == '!') continue;
      logical.assign(line);
      while (ends_in_continuation(logical)) {
        logical.pop_back();
        if (rest_.empty()) break;
        logical += take_line();
      }
      return true;
    }
    return false;
  }

 private:
  // One line of the file without its end and its leading blanks.
  std::string_view take_line() {
    const size_t end = rest_.find_first_of("\r\n");
    std::string_view line = rest_.substr(0, end);
    if (end == std::string_view::npos) {
      rest_ = {};
    } else {
      rest_.remove_prefix(end + (rest_.substr(end, 2) == "\r\n" ? 2 : 1));
    }
    ++line_;
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    return line;
  }

  // An odd number of backslashes: the last one is no escaped one.
  static bool ends_in_continuation(std::string_view line) {
    const size_t last_other = line.find_last_not_of('\\');
    const size_t backslashes = line.size() - (last_other == std::string_view::npos ? 0 : last_other + 1);
    return backslashes % 2 == 1;
  }

  std::string_view rest_;
  size_t line_ = 0;
};

bool read_utf16_unit(std::string_view text, uint32_t& unit) {
  if (text.size() < 4) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, unit, 16);
  return error == std::errc{} && end == text.data() + 4;
}

// `at` stands on the `u` of \uXXXX and is left on its last digit, or on that of the second half of a pair.
bool append_unicode_escape(std::string_view text, size_t& at, std::string& out) {
  uint32_t high = 0;
  if (!read_utf16_unit(text.substr(at + 1), high)) return false;
  at += 4;
  if (high < 0xD800 || high > 0xDFFF) {
    append_utf8(out, high);
    return true;
  }
  uint32_t low = 0;
  const bool is_pair = high <= 0xDBFF && text.substr(at + 1, 2) == "\\u" && read_utf16_unit(text.substr(at + 3), low) &&
                       low >= 0xDC00 && low <= 0xDFFF;
  if (!is_pair) return false;
  at += 6;
  append_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
  return true;
}

Result<std::string> unescape(std::string_view text, size_t line) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    switch (const char escaped = text[++at]) {
      case 't': out += '\t'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 'f': out += '\f'; break;
      case 'u':
        if (!append_unicode_escape(text, at, out)) {
          return malformed(line, "\\u must be followed by the four hexadecimal digits of a character");
        }
        break;
      default: out += escaped;
    }
  }
  return out;
}

// Where the name ends: at the first `=`, `:` or blank that no backslash stands before.
size_t end_of_name(std::string_view line) {
  for (size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\') {
      ++at;
    } else if (line[at] == '=' || line[at] == ':' || kBlanks.contains(line[at])) {
      return at;
    }
  }
  return line.size();
}

// Before it is unescaped: a blank behind a backslash is meant.
std::string_view without_trailing_blanks(std::string_view text) {
  const std::string_view rest = text.substr(0, text.find_last_not_of(kBlanks) + 1);
  return rest.ends_with('\\') && rest.size() < text.size() ? text.substr(0, rest.size() + 1) : rest;
}

std::string_view without_leading_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text;
}

}  // namespace

Result<std::vector<Property>> parse_properties(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<Property> properties;
  LineReader lines(text);
  std::string line;
  size_t number = 0;
  while (lines.next(line, number)) {
    const size_t name_end = end_of_name(line);
    std::string_view rest = without_leading_blanks(std::string_view(line).substr(name_end));
    if (rest.starts_with('=') || rest.starts_with(':')) rest = without_leading_blanks(rest.substr(1));

    Result<std::string> name = unescape(std::string_view(line).substr(0, name_end), number);
    if (!name) return fail(std::move(name.error()));
    Result<std::string> value = unescape(without_trailing_blanks(rest), number);
    if (!value) return fail(std::move(value.error()));
    if (name->empty() || name_end == line.size()) return malformed(number, "expected name=value");
    properties.push_back({std::move(*name), *std::move(value), number});
  }
  return properties;
}

Result<Property> parse_property(std::string_view text) {
  const size_t separator = text.find('=');
  if (separator == std::string_view::npos || separator == 0) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("expected name=value{}",
                            separator == std::string_view::npos ? fmt::format(", found '{}'", text) : ""));
  }
  return Property{std::string(text.substr(0, separator)), std::string(text.substr(separator + 1)), 0};
}

}  // namespace omashu
