#include "service/rows/field_selection.h"

#include <algorithm>
#include <utility>

namespace omashu::service {

namespace {

using Steps = std::span<const table::FieldPath::Step>;

json::Value select(const json::Value& value, const std::vector<Steps>& paths) {
  if (std::ranges::any_of(paths, [](const Steps& steps) { return steps.empty(); })) return value;
  if (value.is_array()) {
    json::Value items = json::Value::array();
    for (const json::Value& item : value.items()) items.append(select(item, paths));
    return items;
  }
  if (!value.is_object()) return value;
  json::Value chosen = json::Value::object();
  for (const json::Member& member : value.members()) {
    std::vector<Steps> inner;
    for (const Steps& steps : paths) {
      if (steps.front().name == member.name) inner.push_back(steps.subspan(1));
    }
    if (!inner.empty()) chosen.add(member.name, select(member.value, inner));
  }
  return chosen;
}

}  // namespace

Answer<FieldSelection> FieldSelection::parse(std::string_view text, table::TypedTopic& typed) {
  FieldSelection selection;
  while (true) {
    size_t end = 0;
    auto path = table::FieldPath::parse_start(text, end);
    if (!path) return refuse(ProblemType::kInvalidParameter, "fields: " + path.error().message);
    if (auto known = typed.check(*path); !known) {
      return refuse(ProblemType::kInvalidParameter, "fields: " + known.error().message);
    }
    if (std::ranges::any_of(path->steps(), [](const auto& step) { return step.index.has_value(); })) {
      return refuse(ProblemType::kInvalidParameter,
                    "fields: " + path->text() + ": items of an array cannot be chosen, only fields of all of them");
    }
    selection.paths_.push_back(*std::move(path));
    text.remove_prefix(end);
    if (text.empty()) return selection;
    if (!text.starts_with(',')) return refuse(ProblemType::kInvalidParameter, "fields: write a,b.c");
    text.remove_prefix(1);
  }
}

std::string FieldSelection::of(std::string_view value) const {
  const auto parsed = json::parse(value);
  if (!parsed) return std::string(value);
  std::vector<Steps> paths;
  for (const table::FieldPath& path : paths_) paths.emplace_back(path.steps());
  return json::to_text(select(*parsed, paths));
}

}  // namespace omashu::service
