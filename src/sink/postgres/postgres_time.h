// Avro's dates, times and timestamps as PostgreSQL counts them, which it does from 2000-01-01 on.
//
// What PostgreSQL cannot hold is an error that says so: kCorrupt, of the record.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::sink::postgres {

// 4713 BC to 5874897.
Result<int32_t> postgres_date(int64_t days);

// Microseconds from midnight; 24:00:00 is the last.
Result<int64_t> postgres_time(avro::LogicalType type, int64_t value);

// Microseconds; 4713 BC to 294276.
Result<int64_t> postgres_timestamp(avro::LogicalType type, int64_t value);
Result<int64_t> postgres_timestamp_of_ms(int64_t milliseconds);

struct Interval {
  int64_t microseconds = 0;
  int32_t days = 0;
  int32_t months = 0;
};
// `bytes` are a duration's 12.
Result<Interval> postgres_interval(std::string_view bytes);

// The same values as text that PostgreSQL reads whatever its DateStyle is. They are checked first, as above.
Result<void> append_date_text(int64_t days, std::string& out);
Result<void> append_time_text(avro::LogicalType type, int64_t value, std::string& out);
Result<void> append_timestamp_text(avro::LogicalType type, int64_t value, std::string& out);
Result<void> append_interval_text(std::string_view bytes, std::string& out);

}  // namespace omashu::sink::postgres
