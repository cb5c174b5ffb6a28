#include "avro/logical_value.h"

#include <fmt/core.h>

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

char* write_logical(char* out, LogicalType type, std::string_view value, int32_t scale) {
  switch (type) {
    case LogicalType::kDecimal: return write_decimal(out, value, scale);
    case LogicalType::kBigDecimal: {
      std::string_view unscaled;
      int32_t own_scale = 0;
      return split_big_decimal(value, unscaled, own_scale) ? write_decimal(out, unscaled, own_scale) : nullptr;
    }
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
