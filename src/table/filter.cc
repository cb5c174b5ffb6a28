#include "table/filter.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::table {

namespace {

bool equals_number(const json::Value& number, const std::string& expected) {
  if (number.text() == expected) return true;
  const auto other = json::parse(expected);
  if (!other || !other->is_number()) return false;
  const auto a = number.as_int64(), b = other->as_int64();
  if (a && b) return *a == *b;
  return number.as_double() && number.as_double() == other->as_double();
}

bool equals(const json::Value& value, const std::string& expected) {
  switch (value.kind()) {
    case json::Value::Kind::kNull: return expected == "null";
    case json::Value::Kind::kBoolean: return expected == (value.boolean() ? "true" : "false");
    case json::Value::Kind::kNumber: return equals_number(value, expected);
    case json::Value::Kind::kString: return value.text() == expected;
    default: return json::to_text(value) == expected;
  }
}

}  // namespace

Result<Filter> Filter::parse(std::span<const std::string> conditions) {
  Filter filter;
  for (const std::string& text : conditions) {
    const size_t equal = text.find('=');
    if (equal == std::string::npos) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("'{}' is no condition: write field=value", text));
    }
    const bool is_negated = equal > 0 && text[equal - 1] == '!';
    auto path = FieldPath::parse(std::string_view(text).substr(0, equal - (is_negated ? 1 : 0)));
    if (!path) return fail(std::move(path.error()));
    filter.conditions_.push_back(
        {.path = *std::move(path), .expected = text.substr(equal + 1), .is_negated = is_negated});
  }
  return filter;
}

bool Filter::matches(std::string_view value) const {
  if (conditions_.empty()) return true;
  const auto parsed = json::parse(value);
  if (!parsed) return false;
  return std::ranges::all_of(conditions_, [&](const Condition& condition) {
    const auto found = condition.path.find_all(*parsed);
    const bool is_there = std::ranges::any_of(
        found, [&](const json::Value* candidate) { return equals(*candidate, condition.expected); });
    return is_there != condition.is_negated;
  });
}

Result<void> Filter::check(const avro::Node& schema) const {
  for (const Condition& condition : conditions_) {
    if (auto known = condition.path.check(schema); !known) return known;
  }
  return {};
}

}  // namespace omashu::table
