#include "table/store/index_ranges.h"

#include <algorithm>
#include <limits>

#include "avro/decimal_text.h"
#include "avro/logical_text.h"
#include "table/store/ordered_bytes.h"

namespace omashu::table {

namespace {

using avro::LogicalType;
using avro::Node;
using avro::Type;

bool is_decimal(const Node& type) {
  return type.logical_type == LogicalType::kDecimal || type.logical_type == LogicalType::kBigDecimal;
}

std::string ordered_decimal_of(const avro::Datum& value) {
  const Node& type = value.type();
  std::string_view unscaled = value.as_bytes();
  int32_t scale = type.scale;
  DecimalNumber number;
  const bool is_split =
      type.logical_type != LogicalType::kBigDecimal || avro::split_big_decimal(value.as_bytes(), unscaled, scale);
  if (!is_split || !read_decimal_number(unscaled, scale, number)) {
    return ordered_bytes(OrderedKind::kOther, value.as_bytes());
  }
  return ordered_decimal(number);
}

std::string ordered_operand(const TypedOperand& operand, const Node& type) {
  const TypedOperand::Content& content = operand.content();
  switch (type.type) {
    case Type::kBoolean: return ordered_boolean(std::get<int64_t>(content) != 0);
    case Type::kEnum: {
      return ordered_bytes(OrderedKind::kText, type.symbols[static_cast<size_t>(std::get<int64_t>(content))]);
    }
    default: break;
  }
  if (const auto* whole = std::get_if<int64_t>(&content)) return ordered_number(*whole);
  if (const auto* real = std::get_if<double>(&content)) return ordered_number(*real);
  if (const auto* decimal = std::get_if<DecimalNumber>(&content)) return ordered_decimal(*decimal);
  const OrderedKind kind = type.logical_type == LogicalType::kUuid ? OrderedKind::kUuid
                           : type.type == Type::kString            ? OrderedKind::kText
                                                                   : OrderedKind::kBytes;
  return ordered_bytes(kind, std::get<std::string>(content));
}

// The value alone, or what cutting or rounding made equal to it.
Range only(std::string value) {
  std::string behind = value + '\0';
  return {.from = std::move(value), .to = std::move(behind)};
}

// What compares so with an operand, among the values of its kind. Without `is_exact`, values that are equal here may
// be smaller or greater.
Range range_of(Comparison comparison, const std::string& operand, bool is_exact) {
  const OrderedKind kind = *kind_of(operand);
  // NaN is equal to itself, and has no order beside other numbers.
  const std::string nan = ordered_number(std::numeric_limits<double>::quiet_NaN());
  const bool is_strict = comparison == Comparison::kLess || comparison == Comparison::kGreater;
  if (operand == nan) return is_strict ? Range{.from = nan, .to = nan} : only(nan);
  const std::string end = kind == OrderedKind::kNumber ? nan : end_of(kind);
  const Range equal = only(operand);
  const bool takes_equal = !is_exact || is_cut(operand) || comparison == Comparison::kLessOrEqual ||
                           comparison == Comparison::kGreaterOrEqual;
  switch (comparison) {
    case Comparison::kLess:
    case Comparison::kLessOrEqual: return {.from = begin_of(kind), .to = takes_equal ? equal.to : equal.from};
    case Comparison::kGreater:
    case Comparison::kGreaterOrEqual: return {.from = takes_equal ? equal.from : equal.to, .to = end};
    default: return equal;
  }
}

// An operand beside JSON: see how BoundCondition compares them.
void add_json_ranges(Comparison comparison, const Operand& operand, Ranges& ranges) {
  ranges.push_back(range_of(comparison, ordered_bytes(OrderedKind::kText, operand.text), true));
  if (operand.is_quoted) return;
  if (operand.text == "true" || operand.text == "false")
    ranges.push_back(only(ordered_boolean(operand.text == "true")));
  const auto json = json::parse(operand.text);
  if (!json || !json->is_number()) return;
  if (const auto real = json->as_double()) ranges.push_back(range_of(comparison, ordered_number(*real), false));
}

std::optional<Ranges> ranges_of(const BoundCondition& condition) {
  if (condition.comparison() == Comparison::kMatches) return std::nullopt;
  // What the index has no order for has to be looked at.
  Ranges ranges = {{.from = begin_of(OrderedKind::kOther), .to = ""}};
  if (condition.is_negated()) {
    if (condition.comparison() != Comparison::kIsNull) return std::nullopt;
    ranges.push_back({.from = end_of(OrderedKind::kNull), .to = ""});
    return unite(std::move(ranges));
  }
  if (condition.holds_for_null()) ranges.push_back(only(ordered_null()));
  if (condition.has_schema()) {
    for (const auto& [type, operands] : condition.operands()) {
      for (const TypedOperand& operand : operands) {
        ranges.push_back(range_of(condition.comparison(), ordered_operand(operand, *type), true));
      }
    }
  } else {
    for (const Operand& operand : condition.written_operands()) {
      if (!operand.is_null()) add_json_ranges(condition.comparison(), operand, ranges);
    }
  }
  return unite(std::move(ranges));
}

bool is_same(const FieldPath& a, const FieldPath& b) {
  return std::ranges::equal(a.steps(), b.steps(), [](const FieldPath::Step& x, const FieldPath::Step& y) {
    return x.index == y.index && (x.index || x.name == y.name);
  });
}

}  // namespace

std::string ordered_value(const avro::Datum& value) {
  const Node& type = value.type();
  switch (type.type) {
    case Type::kNull: return ordered_null();
    case Type::kBoolean: return ordered_boolean(value.as_boolean());
    case Type::kInt:
    case Type::kLong: return ordered_number(value.as_long());
    case Type::kFloat:
    case Type::kDouble: return ordered_number(value.as_double());
    case Type::kEnum: return ordered_bytes(OrderedKind::kText, value.as_string());
    case Type::kString: {
      if (type.logical_type != LogicalType::kUuid) return ordered_bytes(OrderedKind::kText, value.as_bytes());
      const auto uuid = avro::parse_uuid(value.as_bytes());
      if (!uuid) return ordered_bytes(OrderedKind::kOther, value.as_bytes());
      return ordered_bytes(OrderedKind::kUuid, {uuid->data(), uuid->size()});
    }
    case Type::kBytes:
    case Type::kFixed: {
      if (is_decimal(type)) return ordered_decimal_of(value);
      const bool is_uuid = type.logical_type == LogicalType::kUuid;
      return ordered_bytes(is_uuid ? OrderedKind::kUuid : OrderedKind::kBytes, value.as_bytes());
    }
    default: return ordered_bytes(OrderedKind::kOther, "");
  }
}

std::string ordered_value(const json::Value& value) {
  switch (value.kind()) {
    case json::Value::Kind::kNull: return ordered_null();
    case json::Value::Kind::kBoolean: return ordered_boolean(value.boolean());
    case json::Value::Kind::kString: return ordered_bytes(OrderedKind::kText, value.text());
    case json::Value::Kind::kNumber:
      if (const auto real = value.as_double()) return ordered_number(*real);
      break;
    default: break;
  }
  return ordered_bytes(OrderedKind::kOther, json::to_text(value));
}

std::optional<Ranges> index_ranges(const Filter& filter, const FieldPath& path, bool asks_key) {
  const auto of = [&](const BoundCondition& condition) -> std::optional<Ranges> {
    if (condition.asks_key() != asks_key || !is_same(condition.path(), path)) return std::nullopt;
    return ranges_of(condition);
  };
  std::optional<Ranges> ranges;
  for (const BoundCondition& condition : filter.where()) {
    if (auto some = of(condition)) ranges = ranges ? intersect(*ranges, *some) : *std::move(some);
  }
  if (filter.or_where().empty()) return ranges;
  if (!ranges && !filter.where().empty()) return std::nullopt;
  Ranges united = ranges.value_or(Ranges());
  for (const BoundCondition& condition : filter.or_where()) {
    const auto some = of(condition);
    if (!some) return std::nullopt;
    united.insert(united.end(), some->begin(), some->end());
  }
  return unite(std::move(united));
}

}  // namespace omashu::table
