#include "sink/postgres/postgres_time.h"

#include <fmt/core.h>

#include <array>
#include <charconv>

#include "avro/logical_text.h"

namespace omashu::sink::postgres {

namespace {

using avro::LogicalType;

// From 1970-01-01 to 2000-01-01.
constexpr int64_t kEpochDays = 10'957;
constexpr int64_t kMicrosPerDay = 86'400'000'000;
constexpr int64_t kEpochMicros = kEpochDays * kMicrosPerDay;

// PostgreSQL's datatype/timestamp.h: MIN_TIMESTAMP, END_TIMESTAMP, and the Julian days of dates.
constexpr int64_t kMinTimestamp = -211'813'488'000'000'000;
constexpr int64_t kEndTimestamp = 9'223'371'331'200'000'000;
constexpr int64_t kJulianEpoch = 2'451'545;
constexpr int64_t kEndJulianDate = 2'147'483'494;

std::unexpected<Error> beyond(std::string_view what) {
  return fail(ErrorCode::kCorrupt, fmt::format("the {} is beyond what PostgreSQL can hold", what));
}

Result<int64_t> from_unix_micros(int64_t micros) {
  int64_t value = 0;
  if (__builtin_sub_overflow(micros, kEpochMicros, &value) || value < kMinTimestamp || value >= kEndTimestamp) {
    return beyond("timestamp");
  }
  return value;
}

uint32_t little_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

// ISO 8601 as avro::write_date and write_timestamp give it, with the year as PostgreSQL reads it: without a plus, and
// with BC behind the whole where it is before year 1.
void append_with_postgres_year(std::string_view iso, std::string& out) {
  const size_t year_end = iso.find('-', 1);
  const std::string_view digits = iso.substr(iso.front() == '+' ? 1 : 0, year_end - (iso.front() == '+' ? 1 : 0));
  int64_t year = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), year);
  out += fmt::format("{:04}", year > 0 ? year : 1 - year);
  out += iso.substr(year_end);
  if (year <= 0) out += " BC";
}

}  // namespace

Result<int32_t> postgres_date(int64_t days) {
  const int64_t value = days - kEpochDays;
  if (value < -kJulianEpoch || value >= kEndJulianDate - kJulianEpoch) return beyond("date");
  return static_cast<int32_t>(value);
}

Result<int64_t> postgres_time(LogicalType type, int64_t value) {
  const int64_t unit = type == LogicalType::kTimeMillis ? 1'000 : 1;
  if (value < 0 || value > kMicrosPerDay / unit) return beyond("time of day");
  return value * unit;
}

Result<int64_t> postgres_timestamp(LogicalType type, int64_t value) {
  const bool is_ms = type == LogicalType::kTimestampMillis || type == LogicalType::kLocalTimestampMillis;
  return is_ms ? postgres_timestamp_of_ms(value) : from_unix_micros(value);
}

Result<int64_t> postgres_timestamp_of_ms(int64_t milliseconds) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(milliseconds, int64_t{1'000}, &micros)) return beyond("timestamp");
  return from_unix_micros(micros);
}

Result<Interval> postgres_interval(std::string_view bytes) {
  const uint32_t months = little_endian(bytes);
  const uint32_t days = little_endian(bytes.substr(4));
  if (months > INT32_MAX || days > INT32_MAX) return beyond("duration");
  return Interval{.microseconds = int64_t{little_endian(bytes.substr(8))} * 1'000,
                  .days = static_cast<int32_t>(days),
                  .months = static_cast<int32_t>(months)};
}

Result<void> append_date_text(int64_t days, std::string& out) {
  if (const auto checked = postgres_date(days); !checked) return fail(checked.error());
  std::array<char, avro::kMaxLogicalText> text;
  append_with_postgres_year({text.data(), avro::write_date(text.data(), static_cast<int32_t>(days))}, out);
  return {};
}

Result<void> append_time_text(LogicalType type, int64_t value, std::string& out) {
  const auto checked = postgres_time(type, value);
  if (!checked) return fail(checked.error());
  if (*checked == kMicrosPerDay) {
    out += "24:00:00";
    return {};
  }
  std::array<char, avro::kMaxLogicalText> text;
  out.append(text.data(), avro::write_time(text.data(), *checked, avro::TimeUnit::kMicros));
  return {};
}

Result<void> append_timestamp_text(LogicalType type, int64_t value, std::string& out) {
  const auto checked = postgres_timestamp(type, value);
  if (!checked) return fail(checked.error());
  const bool is_ms = type == LogicalType::kTimestampMillis || type == LogicalType::kLocalTimestampMillis;
  const bool is_local = type == LogicalType::kLocalTimestampMillis || type == LogicalType::kLocalTimestampMicros;
  std::array<char, avro::kMaxLogicalText> text;
  const char* end =
      avro::write_timestamp(text.data(), value, is_ms ? avro::TimeUnit::kMillis : avro::TimeUnit::kMicros, is_local);
  append_with_postgres_year({text.data(), end}, out);
  return {};
}

Result<void> append_interval_text(std::string_view bytes, std::string& out) {
  if (const auto checked = postgres_interval(bytes); !checked) return fail(checked.error());
  std::array<char, avro::kMaxLogicalText> text;
  out.append(text.data(), avro::write_duration(text.data(), bytes));
  return {};
}

}  // namespace omashu::sink::postgres
