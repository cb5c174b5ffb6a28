#include "flink/scalar_type.h"

#include <fmt/core.h>

namespace omashu::flink {

namespace {

using avro::LogicalType;
using avro::Type;

constexpr int kMaxPrecision = 38;  // of Flink's DECIMAL

ScalarType number_of(std::string sql, std::string_view what) {
  return {.sql = std::move(sql), .note = fmt::format("is the number of {}", what)};
}

ScalarType integer_type(const avro::Node& type) {
  switch (type.logical_type) {
    case LogicalType::kDate: return {.sql = "DATE", .reading = Reading::kLogical};
    // Flink's SQL has TIME without a fraction of a second alone.
    case LogicalType::kTimeMillis: return number_of("INT", "milliseconds since midnight");
    default: return {.sql = "INT"};
  }
}

ScalarType long_type(const avro::Node& type) {
  switch (type.logical_type) {
    case LogicalType::kTimestampMillis: return {.sql = "TIMESTAMP(3)", .reading = Reading::kInstant};
    case LogicalType::kLocalTimestampMillis:
      return {.sql = "TIMESTAMP(3)", .reading = Reading::kWallTime, .note = "is local time, in no zone"};
    // The format has no type for these: it reads what is declared as TIMESTAMP(6) a thousand times too late.
    case LogicalType::kTimestampMicros: return number_of("BIGINT", "microseconds since 1970 in UTC");
    case LogicalType::kTimestampNanos: return number_of("BIGINT", "nanoseconds since 1970 in UTC");
    case LogicalType::kLocalTimestampMicros: return number_of("BIGINT", "microseconds since 1970 in local time");
    case LogicalType::kLocalTimestampNanos: return number_of("BIGINT", "nanoseconds since 1970 in local time");
    case LogicalType::kTimeMicros: return number_of("BIGINT", "microseconds since midnight");
    default: return {.sql = "BIGINT"};
  }
}

std::string bytes_type(const avro::Node& type) {
  return type.type == Type::kFixed ? fmt::format("VARBINARY({})", type.fixed_size) : "BYTES";
}

ScalarType binary_type(const avro::Node& type) {
  ScalarType bytes{.sql = bytes_type(type)};
  switch (type.logical_type) {
    case LogicalType::kDecimal:
      if (type.precision <= kMaxPrecision) {
        return {.sql = fmt::format("DECIMAL({}, {})", type.precision, type.scale), .reading = Reading::kLogical};
      }
      bytes.note = fmt::format("is the bytes of a decimal of {} digits: Flink has {}", type.precision, kMaxPrecision);
      break;
    case LogicalType::kBigDecimal: bytes.note = "is the bytes of a big-decimal, which Flink does not know"; break;
    case LogicalType::kDuration: bytes.note = "is the bytes of a duration, which Flink does not know"; break;
    case LogicalType::kUuid: bytes.note = "is the bytes of a UUID"; break;
    default: break;
  }
  return bytes;
}

}  // namespace

ScalarType scalar_type(const avro::Node& type) {
  switch (type.type) {
    case Type::kBoolean: return {.sql = "BOOLEAN"};
    case Type::kInt: return integer_type(type);
    case Type::kLong: return long_type(type);
    case Type::kFloat: return {.sql = "FLOAT"};
    case Type::kDouble: return {.sql = "DOUBLE"};
    case Type::kBytes:
    case Type::kFixed: return binary_type(type);
    default: return {.sql = "STRING"};  // strings, UUIDs in text, enums
  }
}

}  // namespace omashu::flink
