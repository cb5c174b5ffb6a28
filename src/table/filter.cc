#include "table/filter.h"

#include <algorithm>

#include "table/bound_condition.h"

namespace omashu::table {

struct Filter::Conditions {
  std::vector<BoundCondition> all;  // of --where
  std::vector<BoundCondition> any;  // of --or-where
  FilterSchemas schemas;            // keep the types alive that the conditions point to

  bool asks(bool key) const {
    const auto is_asked = [key](const BoundCondition& condition) { return condition.asks_key() == key; };
    return std::ranges::any_of(all, is_asked) || std::ranges::any_of(any, is_asked);
  }
};

Filter::Filter() : conditions_(std::make_shared<Conditions>()) {}

Result<Filter> Filter::parse(std::span<const std::string> where, std::span<const std::string> or_where) {
  Filter filter;
  for (const auto& [texts, list] : {std::pair(where, &filter.conditions_->all), {or_where, &filter.conditions_->any}}) {
    for (const std::string& text : texts) {
      auto condition = parse_condition(text);
      if (!condition) return fail(std::move(condition.error()));
      auto made = BoundCondition::make(*std::move(condition));
      if (!made) return fail(std::move(made.error()));
      list->push_back(*std::move(made));
    }
  }
  return filter;
}

Result<void> Filter::bind(const FilterSchemas& schemas) {
  auto bound = std::make_shared<Conditions>(*conditions_);
  bound->schemas = schemas;
  for (auto* list : {&bound->all, &bound->any}) {
    for (BoundCondition& condition : *list) {
      if (auto done = condition.bind(bound->schemas); !done) return done;
    }
  }
  conditions_ = std::move(bound);
  return {};
}

bool Filter::matches(const FilterPart& key, const FilterPart& value) const {
  const auto holds = [&](const BoundCondition& condition) { return condition.holds(key, value); };
  const Conditions& conditions = *conditions_;
  if (conditions.any.empty()) return std::ranges::all_of(conditions.all, holds);
  // Without --where, the --or-where stand alone.
  return (!conditions.all.empty() && std::ranges::all_of(conditions.all, holds)) ||
         std::ranges::any_of(conditions.any, holds);
}

bool Filter::matches_json(std::optional<std::string_view> key, std::optional<std::string_view> value) const {
  const auto parse = [](bool is_asked, std::optional<std::string_view> text) -> std::optional<json::Value> {
    auto parsed = is_asked && text ? json::parse(*text) : Result<json::Value>(json::Value());
    if (!parsed) return std::nullopt;
    return *std::move(parsed);
  };
  const auto key_json = parse(asks_key(), key), value_json = parse(asks_value(), value);
  return key_json && value_json && matches({.json = &*key_json}, {.json = &*value_json});
}

bool Filter::is_empty() const { return conditions_->all.empty() && conditions_->any.empty(); }
bool Filter::asks_key() const { return conditions_->asks(true); }
bool Filter::asks_value() const { return conditions_->asks(false); }

std::span<const BoundCondition> Filter::where() const { return conditions_->all; }
std::span<const BoundCondition> Filter::or_where() const { return conditions_->any; }

}  // namespace omashu::table
