// Dates, times, timestamps, durations and UUIDs as text (ISO 8601, proleptic Gregorian calendar), both ways.
//
// The write_ functions write at most kMaxLogicalText bytes at `out` and return the end, or nullptr where the value has
// no such text (a time of day beyond 24 hours). The parse_ functions take what write_ gives, and what people write for
// it; their errors are a line without place.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::avro {

inline constexpr size_t kMaxLogicalText = 64;

enum class TimeUnit : uint8_t { kMillis = 3, kMicros = 6, kNanos = 9 };  // the number of decimals of a second

// "2024-02-29". Years beyond 0 to 9999 carry a sign: "+12024-02-29", "-0044-03-15".
char* write_date(char* out, int32_t days);
Result<int32_t> parse_date(std::string_view text);

// "23:59:59.999"
char* write_time(char* out, int64_t value, TimeUnit unit);
Result<int64_t> parse_time(std::string_view text, TimeUnit unit);

// "2024-02-29T23:59:59.999Z"; a local timestamp has no zone. On the way in, an instant may have any offset from UTC.
char* write_timestamp(char* out, int64_t value, TimeUnit unit, bool local);
Result<int64_t> parse_timestamp(std::string_view text, TimeUnit unit, bool local);

// Avro's duration, 12 bytes: "P1M2DT3.004S", nothing at all "PT0S".
char* write_duration(char* out, std::string_view bytes);
Result<std::array<char, 12>> parse_duration(std::string_view text);

// "123e4567-e89b-12d3-a456-426614174000" of 16 bytes.
char* write_uuid(char* out, std::string_view bytes);
Result<std::array<char, 16>> parse_uuid(std::string_view text);

}  // namespace omashu::avro
