#include "table/bound_condition.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::table {

namespace {

// What JSON says of two texts, or of a number and a text.
std::partial_ordering compare_json(const json::Value& value, const Operand& operand) {
  switch (value.kind()) {
    case json::Value::Kind::kBoolean:
      return !operand.is_quoted && operand.text == (value.boolean() ? "true" : "false")
                 ? std::partial_ordering::equivalent
                 : std::partial_ordering::unordered;
    case json::Value::Kind::kNumber: {
      const auto other = json::parse(operand.text);
      if (operand.is_quoted || !other || !other->is_number()) return std::partial_ordering::unordered;
      const auto a = value.as_int64(), b = other->as_int64();
      if (a && b) return *a <=> *b;
      const auto x = value.as_double(), y = other->as_double();
      if (!x || !y) return std::partial_ordering::unordered;
      return *x <=> *y;
    }
    case json::Value::Kind::kString: return value.text() <=> operand.text;
    default: return std::partial_ordering::unordered;
  }
}

}  // namespace

Result<BoundCondition> BoundCondition::make(Condition condition) {
  BoundCondition bound(std::move(condition));
  const Condition& written = bound.condition_;
  const FieldPath::Step& first = written.path.steps().front();
  if (!first.is_quoted && !first.index && first.name == "key") {
    bound.asks_key_ = true;
    bound.condition_.path = written.path.without_first();
  }
  bound.comparison_ = written.comparison;
  if (written.comparison == Comparison::kNotEqual || written.comparison == Comparison::kIsNotNull) {
    bound.is_negated_ = true;
    bound.comparison_ = written.comparison == Comparison::kNotEqual ? Comparison::kEqual : Comparison::kIsNull;
  }
  const bool has_equality = bound.comparison_ == Comparison::kEqual || bound.comparison_ == Comparison::kIn;
  if (!has_equality && bound.has_null_operand()) {
    return fail(condition_error(written, written.operands.front().offset, "null has no order: write `is null`"));
  }
  if (written.comparison == Comparison::kMatches) {
    const Operand& operand = written.operands.front();
    auto pattern = TextPattern::parse(operand.text);
    if (!pattern) {
      // In quotes, an escape takes more columns than what it stands for: the pattern's start is named.
      const size_t column = operand.is_quoted || !pattern.error().position ? 1 : pattern.error().position->column;
      return fail(condition_error(written, operand.offset + column - 1, pattern.error().message));
    }
    bound.pattern_ = *std::move(pattern);
  }
  return bound;
}

Result<void> BoundCondition::bind(const FilterSchemas& schemas) {
  const std::optional<avro::Schema>& schema = asks_key_ ? schemas.key : schemas.value;
  if (!schema) return {};
  auto path = SchemaPath::compile(condition_.path, schema->root(), comparison_ != Comparison::kIsNull);
  if (!path) {
    const size_t column = path.error().position ? path.error().position->column : 1;
    return fail(condition_error(condition_, condition_.path_offset + column - 1, path.error().message));
  }
  path_ = *std::move(path);
  if (comparison_ == Comparison::kIsNull || comparison_ == Comparison::kMatches) return {};

  std::optional<Error> first_error;
  for (const avro::Node* type : path_->types()) {
    if (auto bound = bind_type(*type); !bound && !first_error) first_error = std::move(bound.error());
  }
  // Of the branches of a union, one that the operand suits is enough.
  if (operands_.empty() && first_error) return fail(*std::move(first_error));
  return {};
}

Result<void> BoundCondition::bind_type(const avro::Node& type) {
  const bool wants_order = comparison_ != Comparison::kEqual && comparison_ != Comparison::kIn;
  if (wants_order && !TypedOperand::has_order(type)) {
    const std::string_view name = type.logical_type == avro::LogicalType::kNone ? avro::type_name(type.type)
                                                                                : logical_type_name(type.logical_type);
    return fail(condition_error(condition_, condition_.operands.front().offset,
                                fmt::format("values of type {} have no order: write = or in(…)", name)));
  }
  if (type.type == avro::Type::kRecord && !type.fields.empty() && !has_null_operand()) {
    return fail(condition_error(condition_, condition_.path_offset,
                                fmt::format("{} is a record: name one of its fields, as {}.{}", condition_.path.text(),
                                            condition_.path.text(), type.fields.front().name)));
  }
  std::vector<TypedOperand> operands;
  for (const Operand& operand : condition_.operands) {
    if (operand.is_null()) {
      if (path_->may_be_null() || type.type != avro::Type::kString) continue;
      return fail(condition_error(condition_, operand.offset, "this is never null; write \"null\" for the text"));
    }
    auto read = TypedOperand::read(type, operand.text);
    if (!read) return fail(condition_error(condition_, operand.offset, read.error().message));
    operands.push_back(*std::move(read));
  }
  operands_.emplace_back(&type, std::move(operands));
  return {};
}

bool BoundCondition::has_null_operand() const { return std::ranges::any_of(condition_.operands, &Operand::is_null); }

bool BoundCondition::suits(Ordering order) const {
  switch (comparison_) {
    case Comparison::kLess: return order < 0;
    case Comparison::kLessOrEqual: return order <= 0;
    case Comparison::kGreater: return order > 0;
    case Comparison::kGreaterOrEqual: return order >= 0;
    default: return order == 0;
  }
}

bool BoundCondition::holds(const FilterPart& key, const FilterPart& value) const {
  const FilterPart& part = asks_key_ ? key : value;
  if (part.datum != nullptr && path_) {
    return path_->any(*part.datum, [this](const auto& found) { return holds_for(found); }) != is_negated_;
  }
  static const json::Value kNull;
  const json::Value& json = part.json != nullptr ? *part.json : kNull;
  if (comparison_ == Comparison::kIsNull && json.is_array() && condition_.path.steps().empty()) return is_negated_;
  return std::ranges::any_of(condition_.path.find_all(json),
                             [this](const json::Value* found) { return holds_for(*found); }) != is_negated_;
}

bool BoundCondition::holds_for(const std::optional<avro::Datum>& value) const {
  if (!value) return comparison_ == Comparison::kIsNull || has_null_operand();
  if (comparison_ == Comparison::kIsNull) return false;
  const avro::Node* type = &value->type();
  if (pattern_) {
    if (type->type == avro::Type::kString || type->type == avro::Type::kEnum) {
      return pattern_->is_found_in(value->as_string());
    }
    const auto text = value->text();
    return text && pattern_->is_found_in(*text);
  }
  for (const auto& [operand_type, operands] : operands_) {
    if (operand_type != type) continue;
    return std::ranges::any_of(operands, [&](const TypedOperand& operand) { return suits(operand.compare(*value)); });
  }
  return false;
}

bool BoundCondition::holds_for(const json::Value& value) const {
  if (value.is_null()) return comparison_ == Comparison::kIsNull || has_null_operand();
  if (comparison_ == Comparison::kIsNull) return false;
  if (pattern_) return pattern_->is_found_in(value.is_string() ? value.text() : json::to_text(value));
  return std::ranges::any_of(condition_.operands, [&](const Operand& operand) {
    return !operand.is_null() && suits(compare_json(value, operand));
  });
}

}  // namespace omashu::table
