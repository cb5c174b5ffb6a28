#include "sink/postgres/value_text.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>

#include "avro/decimal_text.h"
#include "avro/float_widening.h"
#include "avro/logical_text.h"
#include "sink/postgres/postgres_time.h"

namespace omashu::sink::postgres {

namespace {

using avro::Datum;
using avro::LogicalType;

template <class Number>
void append_number(Number value, std::string& out) {
  std::array<char, 64> text;
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

Result<void> append_uuid(const Datum& datum, std::string& out) {
  const std::string_view value = datum.as_bytes();
  if (datum.type().type == avro::Type::kString) {
    if (const auto parsed = avro::parse_uuid(value); !parsed) return fail(parsed.error());
    out += value;
    return {};
  }
  std::array<char, avro::kMaxLogicalText> text;
  out.append(text.data(), avro::write_uuid(text.data(), value));
  return {};
}

void append_hex(std::string_view bytes, std::string& out) {
  out += "\\x";
  for (const char byte : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += kDigits[static_cast<uint8_t>(byte) >> 4];
    out += kDigits[static_cast<uint8_t>(byte) & 15];
  }
}

Result<void> append_numeric(const ColumnType& type, const Datum& datum, std::string& out) {
  std::string_view unscaled = datum.as_bytes();
  int32_t scale = datum.type().scale;
  if (datum.type().logical_type == LogicalType::kBigDecimal &&
      !avro::split_big_decimal(datum.as_bytes(), unscaled, scale)) {
    return fail(ErrorCode::kCorrupt, "the bytes are no big-decimal");
  }
  std::array<char, avro::kMaxDecimalText> text;
  const char* end = avro::write_decimal(text.data(), unscaled, scale);
  if (end == nullptr) return fail(ErrorCode::kCorrupt, "the decimal is beyond what PostgreSQL can hold");
  const std::string_view written(text.data(), end);
  if (type.precision > 0) {
    int digits = 0;
    for (const char c : written) {
      if (c >= '0' && c <= '9' && (c != '0' || digits > 0)) ++digits;
    }
    if (digits > type.precision) {
      return fail(ErrorCode::kCorrupt,
                  fmt::format("the decimal has {} digits and its schema allows {}", digits, type.precision));
    }
  }
  out += written;
  return {};
}

}  // namespace

Result<void> check_text(std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return {};
  return fail(ErrorCode::kCorrupt, "the text holds a NUL character, which PostgreSQL cannot hold");
}

Result<void> check_finite(double value) {
  if (std::isfinite(value)) return {};
  return fail(ErrorCode::kCorrupt, std::isnan(value) ? "the number is NaN" : "the number is infinite");
}

Result<void> append_value_text(const ColumnType& type, const Datum& datum, std::string& out) {
  switch (type.kind) {
    case Kind::kBoolean: out += datum.as_boolean() ? 't' : 'f'; return {};
    case Kind::kInteger:
    case Kind::kBigint: append_number(datum.as_long(), out); return {};
    case Kind::kReal:
      if (auto finite = check_finite(datum.as_double()); !finite) return finite;
      append_number(avro::narrow(datum.as_double()), out);
      return {};
    case Kind::kDouble:
      if (auto finite = check_finite(datum.as_double()); !finite) return finite;
      append_number(datum.as_double(), out);
      return {};
    case Kind::kText:
      if (auto text = check_text(datum.as_string()); !text) return text;
      out += datum.as_string();
      return {};
    case Kind::kEnum: out += datum.as_string(); return {};
    case Kind::kBytea: append_hex(datum.as_bytes(), out); return {};
    case Kind::kUuid: return append_uuid(datum, out);
    case Kind::kDate: return append_date_text(datum.as_long(), out);
    case Kind::kTime: return append_time_text(datum.type().logical_type, datum.as_long(), out);
    case Kind::kTimestamp:
    case Kind::kTimestamptz: return append_timestamp_text(datum.type().logical_type, datum.as_long(), out);
    case Kind::kInterval: return append_interval_text(datum.as_bytes(), out);
    case Kind::kNumeric: return append_numeric(type, datum, out);
    case Kind::kJsonb: break;
  }
  return fail(ErrorCode::kInternal, "the value is no scalar");
}

void append_array_item(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

Result<void> append_array_text(const ColumnType& type, const Datum& datum, std::string& out) {
  ColumnType item_type = type;
  item_type.is_array = false;
  std::string text;
  out += '{';
  for (size_t i = 0; i < datum.size(); ++i) {
    if (i > 0) out += ',';
    const Datum item = datum.item(i);
    if (item.is_null()) {
      out += "NULL";
      continue;
    }
    text.clear();
    if (auto appended = append_value_text(item_type, item, text); !appended) {
      return fail(std::move(appended.error()).within(fmt::format("item {}", i)));
    }
    append_array_item(text, out);
  }
  out += '}';
  return {};
}

}  // namespace omashu::sink::postgres
