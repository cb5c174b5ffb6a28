// Points in time as people write them on a command line.
//
//   2h, 30m, 7d, 500ms        so long ago; "2h ago" too
//   now
//   2026-11-30T08:00Z         ISO 8601, seconds and their fraction left out or not, `Z` or an offset such as +01:00;
//   2026-11-30T08:00:15.250   without either it is UTC, as every time that omashu prints
//   2026-11-30                its first moment
//   1764489600000             milliseconds since 1970

#pragma once

#include <cstdint>
#include <string_view>

#include "omashu/result.h"

namespace omashu {

// Milliseconds since 1970, at least 0 and at most the end of the year 9999.
Result<int64_t> parse_time_point(std::string_view text, int64_t now_ms);

// The clock's time, to be given to it.
int64_t current_time_ms();

}  // namespace omashu
