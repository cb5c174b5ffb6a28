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

// Up to the next comma, but for those in a quoted name: labels["a,b"].
size_t end_of_field(std::string_view text) {
  bool is_quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && is_quoted) {
      ++i;
    } else if (text[i] == '"') {
      is_quoted = !is_quoted;
    } else if (text[i] == ',' && !is_quoted) {
      return i;
    }
  }
  return text.size();
}

}  // namespace

Answer<FieldSelection> FieldSelection::parse(std::string_view text, table::TypedTopic& typed) {
  FieldSelection selection;
  while (true) {
    const size_t end = end_of_field(text);
    auto path = table::FieldPath::parse(text.substr(0, end));
    if (!path) return refuse(ProblemType::kInvalidParameter, "fields: " + path.error().message);
    if (auto known = typed.check(*path); !known) {
      return refuse(ProblemType::kInvalidParameter, "fields: " + known.error().message);
    }
    if (std::ranges::any_of(path->steps(), [](const auto& step) { return step.index.has_value(); })) {
      return refuse(ProblemType::kInvalidParameter,
                    "fields: " + path->text() + ": items of an array cannot be chosen, only fields of all of them");
    }
    selection.paths_.push_back(*std::move(path));
    if (end == text.size()) return selection;
    text.remove_prefix(end + 1);
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
