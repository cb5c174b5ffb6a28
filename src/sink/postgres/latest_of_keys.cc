#include "sink/postgres/latest_of_keys.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace omashu::sink::postgres {

bool LatestOfKeys::is_later(const Entry& a, const Entry& b) {
  if (a.partition == b.partition) return a.offset > b.offset;
  return std::pair(a.timestamp_ms, a.partition) > std::pair(b.timestamp_ms, b.partition);
}

void LatestOfKeys::add(std::string key, const Entry& entry) {
  const size_t link = links_.size();
  links_.push_back({.entry = entry});
  size_t* place = &heads_.try_emplace(std::move(key), kNone).first->second;
  while (*place != kNone && !is_later(entry, links_[*place].entry)) place = &links_[*place].older;
  links_[link].older = *place;
  *place = link;
}

std::vector<size_t> LatestOfKeys::latest() const {
  std::vector<std::pair<std::string_view, size_t>> by_key(heads_.begin(), heads_.end());
  std::ranges::sort(by_key);
  std::vector<size_t> records;
  records.reserve(by_key.size());
  for (const auto& [key, head] : by_key) records.push_back(links_[head].entry.record);
  return records;
}

std::vector<size_t> LatestOfKeys::before(const std::vector<size_t>& records) const {
  std::unordered_map<size_t, size_t> older;
  for (const Link& link : links_) {
    if (link.older != kNone) older.emplace(link.entry.record, links_[link.older].entry.record);
  }
  std::vector<size_t> found;
  for (const size_t record : records) {
    if (const auto next = older.find(record); next != older.end()) found.push_back(next->second);
  }
  return found;
}

}  // namespace omashu::sink::postgres
