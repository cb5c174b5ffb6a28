#include "cli/console/java_pattern.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace omashu::cli {

namespace {

constexpr size_t kMaxPattern = 1'000;

// A letter behind a backslash stands for a class of characters, in brackets or without them.
std::string_view class_of(char letter) {
  switch (letter) {
    case 'd': return "0-9";
    case 'w': return "A-Za-z0-9_";
    case 's': return " \t\n\v\f\r";
    case 't': return "\t";
    default: return {};
  }
}

Result<std::string> to_posix(std::string_view pattern) {
  const auto refuse = [&](std::string_view what) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("'{}': {} is not known here", pattern, what));
  };
  std::string out;
  bool is_in_brackets = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      if (++i == pattern.size()) return refuse("a backslash at the end");
      const char escaped = pattern[i];
      if (const auto characters = class_of(escaped); !characters.empty()) {
        out += is_in_brackets ? std::string(characters) : fmt::format("[{}]", characters);
      } else if ((escaped | 0x20) >= 'a' && (escaped | 0x20) <= 'z') {
        return refuse(fmt::format("\\{}", escaped));
      } else if (is_in_brackets) {
        out += escaped == ']' || escaped == '^' || escaped == '-' ? fmt::format("[.{}.]", escaped)
                                                                  : std::string(1, escaped);
      } else {
        out += fmt::format("\\{}", escaped);
      }
    } else if (c == '(' && !is_in_brackets && pattern.substr(i + 1).starts_with("?")) {
      if (!pattern.substr(i + 1).starts_with("?:")) return refuse("(?");
      out += '(';
      i += 2;
    } else {
      is_in_brackets = c == '[' || (is_in_brackets && c != ']');
      out += c;
    }
  }
  return out;
}

}  // namespace

void JavaPattern::Free::operator()(regex_t* regex) const {
  regfree(regex);
  delete regex;
}

Result<JavaPattern> JavaPattern::compile(std::string_view pattern) {
  if (pattern.size() > kMaxPattern) return fail(ErrorCode::kInvalidArgument, "a pattern of more than 1000 characters");
  const auto posix = to_posix(pattern);
  if (!posix) return fail(posix.error());
  auto regex = std::make_unique<regex_t>();
  if (const int error = regcomp(regex.get(), posix->c_str(), REG_EXTENDED); error != 0) {
    std::array<char, 200> message{};
    regerror(error, regex.get(), message.data(), message.size());
    return fail(ErrorCode::kInvalidArgument, fmt::format("'{}' is no regular expression: {}", pattern, message.data()));
  }
  return JavaPattern(std::unique_ptr<regex_t, Free>(regex.release()));
}

bool JavaPattern::matches(const std::string& text) const {
  regmatch_t match{};
  return regexec(regex_.get(), text.c_str(), 1, &match, 0) == 0 && match.rm_so == 0 &&
         static_cast<size_t>(match.rm_eo) == text.size();
}

std::vector<std::string> JavaPattern::split(const std::string& text) const {
  std::vector<std::string> parts;
  const char* rest = text.c_str();
  regmatch_t match{};
  int flags = 0;
  while (*rest != '\0' && regexec(regex_.get(), rest, 1, &match, flags) == 0) {
    if (match.rm_eo == 0) break;  // a match of nothing would split for ever
    parts.emplace_back(rest, static_cast<size_t>(match.rm_so));
    rest += match.rm_eo;
    flags = REG_NOTBOL;
  }
  parts.emplace_back(rest);
  while (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  return parts;
}

}  // namespace omashu::cli
