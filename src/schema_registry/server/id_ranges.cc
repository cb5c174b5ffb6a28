#include "schema_registry/server/id_ranges.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <charconv>

namespace omashu::schema_registry::server {

IdRanges IdRanges::of(std::vector<int> ids) {
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  IdRanges ranges;
  for (const int id : ids) ranges.append(id, id);
  return ranges;
}

void IdRanges::append(int first, int last) {
  assert(first <= last && (ranges_.empty() || first > ranges_.back().second));
  if (!ranges_.empty() && ranges_.back().second == first - 1) {
    ranges_.back().second = last;
  } else {
    ranges_.emplace_back(first, last);
  }
}

bool IdRanges::contains(int id) const {
  const auto behind = std::ranges::upper_bound(ranges_, id, {}, &std::pair<int, int>::first);
  return behind != ranges_.begin() && std::prev(behind)->second >= id;
}

int64_t IdRanges::count() const {
  int64_t ids = 0;
  for (const auto& [first, last] : ranges_) ids += int64_t{last} - first + 1;
  return ids;
}

IdRanges IdRanges::with(const IdRanges& others) const {
  std::vector<std::pair<int, int>> all = ranges_;
  all.insert(all.end(), others.ranges_.begin(), others.ranges_.end());
  std::ranges::sort(all);
  IdRanges merged;
  for (const auto& [first, last] : all) {
    if (merged.empty() || first > merged.ranges_.back().second) {
      merged.append(first, last);
    } else {
      merged.ranges_.back().second = std::max(merged.ranges_.back().second, last);
    }
  }
  return merged;
}

IdRanges IdRanges::without(const IdRanges& others) const {
  IdRanges rest;
  auto other = others.ranges_.begin();
  for (auto [first, last] : ranges_) {
    while (other != others.ranges_.end() && other->second < first) ++other;
    for (auto cut = other; cut != others.ranges_.end() && cut->first <= last && first <= last; ++cut) {
      if (cut->first > first) rest.append(first, cut->first - 1);
      if (cut->second >= last) {
        first = last;
        last = first - 1;  // nothing is left
      } else {
        first = cut->second + 1;
      }
    }
    if (first <= last) rest.append(first, last);
  }
  return rest;
}

std::string id_ranges_text(const IdRanges& ranges) {
  std::string text;
  for (const auto& [first, last] : ranges.ranges()) {
    if (!text.empty()) text += ',';
    text += first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
  }
  return text;
}

std::optional<IdRanges> parse_id_ranges(std::string_view text) {
  IdRanges ranges;
  const char* at = text.data();
  const char* const end = at + text.size();
  int64_t previous = -1;
  while (at != end) {
    int first = 0;
    auto parsed = std::from_chars(at, end, first);
    if (parsed.ec != std::errc()) return std::nullopt;
    int last = first;
    if (parsed.ptr != end && *parsed.ptr == '-') {
      parsed = std::from_chars(parsed.ptr + 1, end, last);
      if (parsed.ec != std::errc()) return std::nullopt;
    }
    if (first <= previous || last < first) return std::nullopt;
    ranges.append(first, last);
    previous = last;
    at = parsed.ptr;
    if (at == end) break;
    if (*at != ',' || ++at == end) return std::nullopt;
  }
  return ranges;
}

}  // namespace omashu::schema_registry::server
