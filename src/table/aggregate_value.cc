#include "table/aggregate_value.h"

#include <fmt/core.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "avro/decimal_text.h"
#include "avro/logical_value.h"
#include "avro/number_text.h"
#include "table/typed_operand.h"

namespace omashu::table {

namespace {

using avro::LogicalType;
using avro::Type;

// Beyond this, a decimal's digits would be more than a sum can carry.
constexpr int64_t kMaxScale = 4'000;

bool is_decimal(const avro::Node& type) {
  return type.logical_type == LogicalType::kDecimal || type.logical_type == LogicalType::kBigDecimal;
}

std::optional<AggregateValue> decimal_value(const avro::Datum& datum) {
  std::string_view unscaled = datum.as_bytes();
  int32_t scale = datum.type().scale;
  if (datum.type().logical_type == LogicalType::kBigDecimal &&
      !avro::split_big_decimal(datum.as_bytes(), unscaled, scale)) {
    return std::nullopt;
  }
  DecimalNumber number;
  if (std::abs(int64_t{scale}) > kMaxScale || !read_decimal_number(unscaled, scale, number)) return std::nullopt;
  return number;
}

double as_real(const AggregateValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* decimal = std::get_if<DecimalNumber>(&value)) return std::stod(to_text(*decimal));
  return std::numeric_limits<double>::quiet_NaN();
}

// Values of one kind by what they are; of several kinds, numbers as reals.
bool is_less(const AggregateValue& a, const AggregateValue& b) {
  if (a.index() == b.index()) {
    if (const auto* whole = std::get_if<int64_t>(&a)) return *whole < std::get<int64_t>(b);
    if (const auto* decimal = std::get_if<DecimalNumber>(&a)) return compare(*decimal, std::get<DecimalNumber>(b)) < 0;
    if (const auto* text = std::get_if<std::string>(&a)) return *text < std::get<std::string>(b);
  }
  return as_real(a) < as_real(b);
}

std::string real_json(double value) {
  char text[64];
  return std::string(text, avro::write_double(text, value));
}

std::string value_json(const AggregateValue& value, LogicalType type) {
  std::string out;
  if (const auto* whole = std::get_if<int64_t>(&value)) {
    char text[avro::kMaxLogicalValueText];
    const char* end = avro::write_logical(text, type, *whole);
    if (end == nullptr) return fmt::format("{}", *whole);
    return "\"" + std::string(text, end - text) + "\"";
  }
  if (const auto* real = std::get_if<double>(&value)) return real_json(*real);
  if (const auto* decimal = std::get_if<DecimalNumber>(&value)) return "\"" + to_text(*decimal) + "\"";
  json::append_quoted(out, std::get<std::string>(value));
  return out;
}

template <class Number>
void append_raw(std::string& out, Number number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
Number take_raw(std::string_view& bytes) {
  Number number;
  std::memcpy(&number, bytes.data(), sizeof number);
  bytes.remove_prefix(sizeof number);
  return number;
}

std::string take_text(std::string_view& bytes) {
  const auto size = take_raw<uint32_t>(bytes);
  std::string text(bytes.substr(0, size));
  bytes.remove_prefix(size);
  return text;
}

void append_text(std::string& out, std::string_view text) {
  append_raw(out, static_cast<uint32_t>(text.size()));
  out += text;
}

}  // namespace

bool can_be_added(const avro::Node& type) {
  switch (type.type) {
    case Type::kInt:
    case Type::kLong: return type.logical_type == LogicalType::kNone;
    case Type::kFloat:
    case Type::kDouble: return true;
    case Type::kBytes:
    case Type::kFixed: return is_decimal(type);
    default: return false;
  }
}

bool can_be_ordered(const avro::Node& type) {
  return can_be_added(type) || type.type == Type::kInt || type.type == Type::kLong ||
         (type.type == Type::kString && type.logical_type == LogicalType::kNone);
}

std::optional<AggregateValue> aggregate_value(const avro::Datum& datum) {
  switch (datum.type().type) {
    case Type::kInt:
    case Type::kLong: return datum.as_long();
    case Type::kFloat:
    case Type::kDouble: return datum.as_double();
    case Type::kString: return std::string(datum.as_bytes());
    case Type::kBytes:
    case Type::kFixed: return is_decimal(datum.type()) ? decimal_value(datum) : std::nullopt;
    default: return std::nullopt;
  }
}

std::optional<AggregateValue> aggregate_value(const json::Value& value) {
  if (value.is_string()) return value.text();
  if (!value.is_number()) return std::nullopt;
  if (const auto whole = value.as_int64()) return *whole;
  if (const auto real = value.as_double()) return *real;
  return std::nullopt;
}

void append_value(const AggregateValue& value, std::string& out) {
  out += static_cast<char>(value.index());
  if (const auto* whole = std::get_if<int64_t>(&value)) {
    append_raw(out, *whole);
  } else if (const auto* real = std::get_if<double>(&value)) {
    append_raw(out, *real);
  } else if (const auto* decimal = std::get_if<DecimalNumber>(&value)) {
    append_raw(out, decimal->scale);
    out += decimal->is_negative ? '-' : '+';
    append_text(out, decimal->digits);
  } else {
    append_text(out, std::get<std::string>(value));
  }
}

AggregateValue take_value(std::string_view& bytes) {
  switch (take_raw<char>(bytes)) {
    case 0: return take_raw<int64_t>(bytes);
    case 1: return take_raw<double>(bytes);
    case 2: {
      DecimalNumber decimal;
      decimal.scale = take_raw<int64_t>(bytes);
      decimal.is_negative = take_raw<char>(bytes) == '-';
      decimal.digits = take_text(bytes);
      return decimal;
    }
    default: return take_text(bytes);
  }
}

void AggregateTotal::add(const AggregateValue& value) {
  ++count_;
  if (const auto* whole = std::get_if<int64_t>(&value)) {
    whole_ += *whole;
  } else if (const auto* real = std::get_if<double>(&value)) {
    real_ += *real;
    has_real_ = true;
  } else if (const auto* decimal = std::get_if<DecimalNumber>(&value)) {
    exact_ = table::add(exact_, *decimal);
    has_decimal_ = true;
  }
  if (!min_ || is_less(value, *min_)) min_ = value;
  if (!max_ || is_less(*max_, value)) max_ = value;
}

std::string AggregateTotal::sum() const {
  if (count_ == 0) return "null";
  if (has_real_) return real_json(static_cast<double>(real_ + static_cast<long double>(whole_)) + as_real(exact_));
  if (has_decimal_) return "\"" + to_text(table::add(exact_, decimal_number(whole_))) + "\"";
  return to_text(decimal_number(whole_));
}

std::string AggregateTotal::average() const {
  if (count_ == 0) return "null";
  if (has_real_) {
    const long double total = real_ + static_cast<long double>(whole_) + static_cast<long double>(as_real(exact_));
    return real_json(static_cast<double>(total / static_cast<long double>(count_)));
  }
  const std::string text = to_text(divide(table::add(exact_, decimal_number(whole_)), count_));
  return has_decimal_ ? "\"" + text + "\"" : text;
}

std::string AggregateTotal::min(LogicalType type) const { return min_ ? value_json(*min_, type) : "null"; }
std::string AggregateTotal::max(LogicalType type) const { return max_ ? value_json(*max_, type) : "null"; }

bool AggregateTotal::is_wide() const {
  return !has_real_ && !has_decimal_ &&
         (whole_ > std::numeric_limits<int64_t>::max() || whole_ < std::numeric_limits<int64_t>::min());
}

}  // namespace omashu::table
