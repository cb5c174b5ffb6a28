#include "avro/logical_value.h"

#include <fmt/core.h>

#include <algorithm>

#include "avro/logical_text.h"

namespace omashu::avro {

namespace {

template <size_t N>
Result<std::string> to_string(const Result<std::array<char, N>>& bytes) {
  if (!bytes) return fail(bytes.error());
  return std::string(bytes->data(), N);
}

Result<std::string> parse_decimal_bytes(const Node& type, std::string_view text) {
  const bool is_big = type.logical_type == LogicalType::kBigDecimal;
  const auto decimal = is_big ? parse_decimal(text) : parse_decimal(text, type.precision, type.scale);
  if (!decimal) return fail(decimal.error());
  if (is_big) return join_big_decimal(*decimal);
  std::string bytes = decimal->unscaled;
  if (type.type == Type::kFixed) {
    if (bytes.size() > type.fixed_size) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("this decimal does not fit {} bytes", type.fixed_size));
    }
    const bool negative = static_cast<unsigned char>(bytes[0]) >= 0x80;
    bytes.insert(0, type.fixed_size - bytes.size(), negative ? '\xff' : '\0');
  }
  return bytes;
}

// Digits without leading zeros, of a text that write_decimal() gives without exponent.
size_t count_digits(const char* text, const char* end) {
  const auto is_first = [](char c) { return c >= '1' && c <= '9'; };
  const char* const first = std::find_if(text, end, is_first);
  return static_cast<size_t>(std::count_if(first, end, [](char c) { return c >= '0' && c <= '9'; }));
}

char* write_exact_decimal(char* out, std::string_view value, const DecimalType& decimal) {
  if (!decimal.is_fixed && !is_shortest_unscaled(value)) return nullptr;
  char* const end = write_decimal(out, value, decimal.scale);
  if (end == nullptr) return nullptr;
  return count_digits(out, std::find(out, end, 'E')) <= decimal.precision ? end : nullptr;
}

char* write_exact_big_decimal(char* out, std::string_view value) {
  std::string_view unscaled;
  int32_t scale = 0;
  if (!split_big_decimal(value, unscaled, scale) || !is_shortest_unscaled(unscaled)) return nullptr;
  if (join_big_decimal({.unscaled = std::string(unscaled), .scale = scale}) != value) return nullptr;
  return write_decimal(out, unscaled, scale);
}

}  // namespace

char* write_logical(char* out, LogicalType type, int64_t value) {
  switch (type) {
    case LogicalType::kDate: return write_date(out, static_cast<int32_t>(value));
    case LogicalType::kTimeMillis: return write_time(out, value, TimeUnit::kMillis);
    case LogicalType::kTimeMicros: return write_time(out, value, TimeUnit::kMicros);
    case LogicalType::kTimestampMillis: return write_timestamp(out, value, TimeUnit::kMillis, false);
    case LogicalType::kTimestampMicros: return write_timestamp(out, value, TimeUnit::kMicros, false);
    case LogicalType::kTimestampNanos: return write_timestamp(out, value, TimeUnit::kNanos, false);
    case LogicalType::kLocalTimestampMillis: return write_timestamp(out, value, TimeUnit::kMillis, true);
    case LogicalType::kLocalTimestampMicros: return write_timestamp(out, value, TimeUnit::kMicros, true);
    case LogicalType::kLocalTimestampNanos: return write_timestamp(out, value, TimeUnit::kNanos, true);
    default: return nullptr;
  }
}

char* write_logical(char* out, LogicalType type, std::string_view value, const DecimalType& decimal) {
  switch (type) {
    case LogicalType::kDecimal: return write_exact_decimal(out, value, decimal);
    case LogicalType::kBigDecimal: return write_exact_big_decimal(out, value);
    case LogicalType::kUuid: return write_uuid(out, value);
    case LogicalType::kDuration: return write_duration(out, value);
    default: return nullptr;
  }
}

Result<int64_t> parse_logical_integer(const Node& type, std::string_view text) {
  switch (type.logical_type) {
    case LogicalType::kDate: return parse_date(text);
    case LogicalType::kTimeMillis: return parse_time(text, TimeUnit::kMillis);
    case LogicalType::kTimeMicros: return parse_time(text, TimeUnit::kMicros);
    case LogicalType::kTimestampMillis: return parse_timestamp(text, TimeUnit::kMillis, false);
    case LogicalType::kTimestampMicros: return parse_timestamp(text, TimeUnit::kMicros, false);
    case LogicalType::kTimestampNanos: return parse_timestamp(text, TimeUnit::kNanos, false);
    case LogicalType::kLocalTimestampMillis: return parse_timestamp(text, TimeUnit::kMillis, true);
    case LogicalType::kLocalTimestampMicros: return parse_timestamp(text, TimeUnit::kMicros, true);
    case LogicalType::kLocalTimestampNanos: return parse_timestamp(text, TimeUnit::kNanos, true);
    default: return fail(ErrorCode::kInvalidArgument, "expected a whole number");
  }
}

Result<std::string> parse_logical_bytes(const Node& type, std::string_view text) {
  if (type.logical_type == LogicalType::kUuid) return to_string(parse_uuid(text));
  if (type.logical_type == LogicalType::kDuration) return to_string(parse_duration(text));
  return parse_decimal_bytes(type, text);
}

}  // namespace omashu::avro
