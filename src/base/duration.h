// Durations as people write them: `500ms`, `30s`, `2m`, `1h`, `7d`; a bare number is seconds.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu {

// Not negative, and at most 1,000 years (so that no sum of durations overflows).
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// In the largest unit that gives a whole number: `90s`, `2m`, `1500ms`.
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace omashu
