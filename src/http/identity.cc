#include "http/identity.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "http/tokens.h"

namespace omashu::http {

namespace {

std::optional<Access> role_of(std::string_view word) {
  if (word == "read" || word == "read-only") return Access::kRead;
  if (word == "write") return Access::kWrite;
  if (word == "admin") return Access::kAdmin;
  return std::nullopt;
}

// Of topic names, and stars.
bool is_pattern(std::string_view text) {
  return !text.empty() && text.size() <= 249 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == '*';
  });
}

// Goes back to the last star alone, so that it takes no longer than pattern times text.
bool matches(std::string_view pattern, std::string_view text) {
  size_t at = 0;
  size_t in_pattern = 0;
  size_t star = std::string_view::npos;
  size_t star_at = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      star_at = at;
    } else if (in_pattern < pattern.size() && pattern[in_pattern] == text[at]) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++star_at;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

}  // namespace

Grants Grants::everything() {
  Grants grants;
  grants.grants_.push_back({.access = Access::kAdmin});
  return grants;
}

Result<Grants> Grants::parse(std::string_view words) {
  Grants grants;
  while (!words.empty()) {
    const std::string_view word = take_part(words, ',');
    const size_t at = word.find('@');
    const std::optional<Access> role = role_of(word.substr(0, at));
    Grant grant;
    if (at != std::string_view::npos) grant.tables = word.substr(at + 1);
    if (!role || !is_pattern(grant.tables)) {
      return fail(ErrorCode::kInvalidArgument,
                  "a role is read, write or admin, for some tables alone read@status-* and the like, with commas "
                  "between several");
    }
    grant.access = *role;
    grants.grants_.push_back(std::move(grant));
  }
  if (grants.grants_.empty()) return fail(ErrorCode::kInvalidArgument, "no role is given: read, write or admin");
  return grants;
}

bool Grants::allow(Access access, std::optional<std::string_view> table) const {
  if (access <= Access::kKnown) return true;
  return std::ranges::any_of(grants_, [&](const Grant& grant) {
    return grant.access >= access && (grant.tables == "*" || (table && matches(grant.tables, *table)));
  });
}

}  // namespace omashu::http
