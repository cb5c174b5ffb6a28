#include "service/write/merge_patch.h"

#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace omashu::service {

// Depth is bounded by that of the JSON that was parsed.
json::Value merge_patch(json::Value target, const json::Value& patch) {
  if (!patch.is_object()) return patch;
  if (!target.is_object()) target = json::Value::object();
  std::vector<json::Member> members = std::move(target.members());
  std::unordered_map<std::string, size_t> index;
  std::vector<bool> is_removed(members.size());
  for (size_t i = 0; i < members.size(); ++i) {
    // Of a name that stands twice, the last one counts.
    const auto [found, is_new] = index.try_emplace(members[i].name, i);
    if (!is_new) is_removed[std::exchange(found->second, i)] = true;
  }
  for (const json::Member& member : patch.members()) {
    const auto [found, is_new] = index.try_emplace(member.name, members.size());
    const size_t i = found->second;
    if (is_new) {
      members.push_back({.name = member.name, .value = {}});
      is_removed.push_back(true);
    }
    json::Value before = is_removed[i] ? json::Value() : std::move(members[i].value);
    is_removed[i] = member.value.is_null();
    if (!is_removed[i]) members[i].value = merge_patch(std::move(before), member.value);
  }
  json::Value merged = json::Value::object();
  for (size_t i = 0; i < members.size(); ++i) {
    if (!is_removed[i]) merged.add(std::move(members[i].name), std::move(members[i].value));
  }
  return merged;
}

}  // namespace omashu::service
