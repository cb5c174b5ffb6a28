#include "table/typed_operand.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "avro/decimal_text.h"
#include "avro/logical_text.h"
#include "avro/logical_value.h"
#include "base/nearest.h"
#include "base/shown.h"

namespace omashu::table {

namespace {

using avro::LogicalType;
using avro::Node;
using avro::Type;

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

// NaN, Infinity and -Infinity too, as JSON texts spell them.
template <class Real>
std::optional<Real> real_number(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<Real>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<Real>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<Real>::infinity();
  const auto number = whole_number<Real>(text);
  if (!number || !std::isfinite(*number)) return std::nullopt;
  return number;
}

bool is_timestamp(LogicalType type) {
  return type >= LogicalType::kTimestampMillis && type <= LogicalType::kLocalTimestampNanos;
}

bool is_local(LogicalType type) { return type >= LogicalType::kLocalTimestampMillis; }

// Dates and times, as text or as the number that they are underneath. A day alone is its first instant, in UTC where
// the timestamp is an instant.
Result<int64_t> read_time(const Node& type, std::string_view text) {
  if (const auto number = whole_number<int64_t>(text)) return *number;
  auto time = avro::parse_logical_integer(type, text);
  if (time || !is_timestamp(type.logical_type) || !avro::parse_date(text)) return time;
  return avro::parse_logical_integer(type, std::string(text) + (is_local(type.logical_type) ? "T00:00" : "T00:00Z"));
}

// A code point up to U+00FF is a byte, as JSON texts have them.
std::optional<std::string> bytes_of(std::string_view utf8) {
  std::string bytes;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    if (c < 0x80) {
      bytes += utf8[i];
    } else if ((c == 0xc2 || c == 0xc3) && i + 1 < utf8.size()) {
      bytes += static_cast<char>(((c & 0x03) << 6) | (static_cast<unsigned char>(utf8[++i]) & 0x3f));
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

DecimalNumber to_number(const avro::Decimal& decimal) {
  DecimalNumber number;
  (void)read_decimal_number(decimal.unscaled, decimal.scale, number);
  return number;
}

std::partial_ordering compare_reals(double a, double b) {
  if (std::isnan(a) && std::isnan(b)) return std::partial_ordering::equivalent;
  return a <=> b;
}

}  // namespace

std::partial_ordering compare_numbers(int64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= 0x1p63) return std::partial_ordering::less;
  if (b < -0x1p63) return std::partial_ordering::greater;
  const double whole = std::trunc(b);
  if (const auto order = a <=> static_cast<int64_t>(whole); order != 0) return order;
  return 0.0 <=> b - whole;
}

bool TypedOperand::has_order(const Node& type) {
  switch (type.type) {
    case Type::kBoolean:
    case Type::kEnum: return false;
    default: return type.logical_type != LogicalType::kUuid && type.logical_type != LogicalType::kDuration;
  }
}

Result<TypedOperand> TypedOperand::read(const Node& type, std::string_view text) {
  const auto make = [&](Content content) { return TypedOperand(type, std::move(content)); };
  switch (type.type) {
    case Type::kBoolean: {
      if (text == "true" || text == "false") return make(int64_t{text == "true"});
      return refuse(fmt::format("{} is no boolean: write true or false", shown(text)));
    }
    case Type::kInt:
    case Type::kLong: {
      if (type.logical_type != LogicalType::kNone) {
        const auto time = read_time(type, text);
        if (!time) return refuse(fmt::format("{}: {}", shown(text), time.error().message));
        return make(*time);
      }
      if (const auto whole = whole_number<int64_t>(text)) return make(*whole);
      const auto real = real_number<double>(text);
      if (!real) return refuse(fmt::format("{} is no number", shown(text)));
      return make(*real);
    }
    case Type::kFloat: {
      const auto real = real_number<float>(text);
      if (!real) return refuse(fmt::format("{} is no number that a float can be", shown(text)));
      return make(double{*real});
    }
    case Type::kDouble: {
      const auto real = real_number<double>(text);
      if (!real) return refuse(fmt::format("{} is no number", shown(text)));
      return make(*real);
    }
    case Type::kString: {
      if (type.logical_type != LogicalType::kUuid) return make(std::string(text));
      const auto uuid = avro::parse_uuid(text);
      if (!uuid) return refuse(fmt::format("{}: {}", shown(text), uuid.error().message));
      return make(std::string(uuid->data(), uuid->size()));
    }
    case Type::kEnum: {
      if (const auto symbol = type.find_symbol(text)) return make(static_cast<int64_t>(*symbol));
      return refuse(
          fmt::format("{} has no symbol {}{}", type.full_name, shown(text), did_you_mean(text, type.symbols)));
    }
    case Type::kBytes:
    case Type::kFixed: {
      if (type.logical_type == LogicalType::kDecimal || type.logical_type == LogicalType::kBigDecimal) {
        const auto decimal = avro::parse_decimal(text);
        if (!decimal) return refuse(fmt::format("{}: {}", shown(text), decimal.error().message));
        return make(to_number(*decimal));
      }
      if (type.logical_type != LogicalType::kNone) {
        auto bytes = avro::parse_logical_bytes(type, text);
        if (!bytes) return refuse(fmt::format("{}: {}", shown(text), bytes.error().message));
        return make(*std::move(bytes));
      }
      auto bytes = bytes_of(text);
      if (!bytes) return refuse("bytes are written as characters up to U+00FF");
      return make(*std::move(bytes));
    }
    case Type::kRecord: {
      const std::string example = type.fields.empty() ? "" : ", as " + type.fields.front().name;
      return refuse(fmt::format("this is a record, {}: name one of its fields{}", type.full_name, example));
    }
    case Type::kMap: return refuse("this is a map: name one of its entries, as [\"name\"]");
    default: return refuse("nothing can be compared with this type");
  }
}

std::partial_ordering TypedOperand::compare(const avro::Datum& datum) const {
  switch (type_->type) {
    case Type::kBoolean: return int64_t{datum.as_boolean()} <=> std::get<int64_t>(content_);
    case Type::kInt:
    case Type::kLong: {
      if (const auto* whole = std::get_if<int64_t>(&content_)) return datum.as_long() <=> *whole;
      return compare_numbers(datum.as_long(), std::get<double>(content_));
    }
    case Type::kEnum: return datum.as_long() <=> std::get<int64_t>(content_);
    case Type::kFloat:
    case Type::kDouble: return compare_reals(datum.as_double(), std::get<double>(content_));
    case Type::kString: {
      if (type_->logical_type != LogicalType::kUuid) return datum.as_bytes() <=> std::get<std::string>(content_);
      const auto uuid = avro::parse_uuid(datum.as_bytes());
      if (!uuid) return std::partial_ordering::unordered;
      return std::string_view(uuid->data(), uuid->size()) <=> std::get<std::string>(content_);
    }
    case Type::kBytes:
    case Type::kFixed: {
      if (std::holds_alternative<DecimalNumber>(content_)) return compare_decimal(datum);
      return datum.as_bytes() <=> std::get<std::string>(content_);
    }
    default: return std::partial_ordering::unordered;
  }
}

std::partial_ordering TypedOperand::compare_decimal(const avro::Datum& datum) const {
  std::string_view unscaled = datum.as_bytes();
  int32_t scale = type_->scale;
  if (type_->logical_type == LogicalType::kBigDecimal && !avro::split_big_decimal(datum.as_bytes(), unscaled, scale)) {
    return std::partial_ordering::unordered;
  }
  DecimalNumber number;
  if (!read_decimal_number(unscaled, scale, number)) return std::partial_ordering::unordered;
  return table::compare(number, std::get<DecimalNumber>(content_));
}

}  // namespace omashu::table
