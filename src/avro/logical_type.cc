#include "avro/logical_type.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/nearest.h"
#include "base/shown.h"

namespace omashu::avro {

namespace {

struct Entry {
  std::string_view name;
  LogicalType logical_type;
  Type underlying;
};

// Without decimal and uuid, which have two underlying types each.
constexpr std::array<Entry, 11> kOneUnderlyingType = {{
    {"big-decimal", LogicalType::kBigDecimal, Type::kBytes},
    {"date", LogicalType::kDate, Type::kInt},
    {"time-millis", LogicalType::kTimeMillis, Type::kInt},
    {"time-micros", LogicalType::kTimeMicros, Type::kLong},
    {"timestamp-millis", LogicalType::kTimestampMillis, Type::kLong},
    {"timestamp-micros", LogicalType::kTimestampMicros, Type::kLong},
    {"timestamp-nanos", LogicalType::kTimestampNanos, Type::kLong},
    {"local-timestamp-millis", LogicalType::kLocalTimestampMillis, Type::kLong},
    {"local-timestamp-micros", LogicalType::kLocalTimestampMicros, Type::kLong},
    {"local-timestamp-nanos", LogicalType::kLocalTimestampNanos, Type::kLong},
    {"duration", LogicalType::kDuration, Type::kFixed},
}};

constexpr size_t kUuidBytes = 16;
constexpr size_t kDurationBytes = 12;

const json::Value* find_property(const Node& node, std::string_view name) {
  const auto found = std::ranges::find(node.properties, name, &json::Member::name);
  return found == node.properties.end() ? nullptr : &found->value;
}

// The property, where it is a whole number that an int holds; `otherwise` where it is missing; else -1.
int int_property(const Node& node, std::string_view name, int otherwise) {
  const json::Value* value = find_property(node, name);
  if (value == nullptr) return otherwise;
  const int64_t number = value->as_int64().value_or(-1);
  return std::in_range<int>(number) ? static_cast<int>(number) : -1;
}

// Decimal digits that every two's-complement number of so many bytes can hold.
double max_precision(size_t fixed_size) {
  return fixed_size == 0 ? 0 : std::floor(std::log10(2.0) * (8.0 * static_cast<double>(fixed_size) - 1));
}

void set_decimal(Node& node) {
  if (node.type != Type::kBytes && node.type != Type::kFixed) return;
  const int precision = int_property(node, "precision", -1);
  const int scale = int_property(node, "scale", 0);
  if (precision <= 0 || scale < 0 || scale > precision) return;
  if (node.type == Type::kFixed && precision > max_precision(node.fixed_size)) return;
  node.logical_type = LogicalType::kDecimal;
  node.precision = precision;
  node.scale = scale;
}

// Why a decimal of bytes or fixed is none.
std::string decimal_problem(const Node& node) {
  const int precision = int_property(node, "precision", -1);
  const int scale = int_property(node, "scale", 0);
  std::string problem;
  if (find_property(node, "precision") == nullptr) {
    problem = "it needs a \"precision\", the number of its digits";
  } else if (precision <= 0) {
    problem = "its \"precision\" must be a whole number above 0";
  } else if (scale < 0) {
    problem = "its \"scale\" must be a whole number from 0 on";
  } else if (scale > precision) {
    problem = fmt::format("its scale, {}, is above its precision, {}", scale, precision);
  } else {
    problem = fmt::format("{} bytes hold {} digits, and its precision is {}", node.fixed_size,
                          max_precision(node.fixed_size), precision);
  }
  return fmt::format("the logicalType decimal means nothing here: {}", problem);
}

std::vector<std::string> logical_type_names() {
  std::vector<std::string> names = {"decimal", "uuid"};
  for (const Entry& entry : kOneUnderlyingType) names.emplace_back(entry.name);
  return names;
}

}  // namespace

std::string_view logical_type_name(LogicalType type) {
  if (type == LogicalType::kDecimal) return "decimal";
  if (type == LogicalType::kUuid) return "uuid";
  const auto entry = std::ranges::find(kOneUnderlyingType, type, &Entry::logical_type);
  return entry == kOneUnderlyingType.end() ? std::string_view() : entry->name;
}

void set_logical_type(Node& node) {
  const json::Value* name = find_property(node, "logicalType");
  if (name == nullptr || !name->is_string()) return;
  if (name->text() == "decimal") return set_decimal(node);
  if (name->text() == "uuid") {
    const bool valid = node.type == Type::kString || (node.type == Type::kFixed && node.fixed_size == kUuidBytes);
    if (valid) node.logical_type = LogicalType::kUuid;
    return;
  }
  const auto entry = std::ranges::find(kOneUnderlyingType, name->text(), &Entry::name);
  if (entry == kOneUnderlyingType.end() || entry->underlying != node.type) return;
  if (entry->logical_type == LogicalType::kDuration && node.fixed_size != kDurationBytes) return;
  node.logical_type = entry->logical_type;
}

std::optional<Type> logical_type_underlying(std::string_view name) {
  if (name == "decimal") return Type::kBytes;
  if (name == "uuid") return Type::kString;
  const auto entry = std::ranges::find(kOneUnderlyingType, name, &Entry::name);
  return entry == kOneUnderlyingType.end() ? std::nullopt : std::optional(entry->underlying);
}

std::optional<std::string> logical_type_problem(const Node& node) {
  const json::Value* property = find_property(node, "logicalType");
  if (property == nullptr) return std::nullopt;
  if (!property->is_string()) return "\"logicalType\" must be a string: it means nothing here";
  const std::string& name = property->text();
  const auto underlying = logical_type_underlying(name);
  if (!underlying)
    return fmt::format("unknown logicalType {}{}", shown(name), did_you_mean(name, logical_type_names()));
  Node judged;
  judged.type = node.type;
  judged.fixed_size = node.fixed_size;
  judged.properties = node.properties;
  set_logical_type(judged);
  if (judged.logical_type != LogicalType::kNone) return std::nullopt;
  if (name == "decimal" && (node.type == Type::kBytes || node.type == Type::kFixed)) return decimal_problem(node);
  std::string expected(type_name(*underlying));
  if (name == "decimal") expected = "bytes or fixed";
  if (name == "uuid") expected = fmt::format("string or a fixed of {} bytes", kUuidBytes);
  if (name == "duration") expected = fmt::format("a fixed of {} bytes", kDurationBytes);
  return fmt::format("the logicalType {} goes with {}, and means nothing with this {}", name, expected,
                     type_name(node.type));
}

}  // namespace omashu::avro
