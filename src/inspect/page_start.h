// Where a page of a topic's records starts, as text:
//
//   beginning, end
//   1200                                  this offset, in every partition
//   2h, 2026-11-30T08:00Z                 a time, as parse_time_point() takes it
//   status-download-0-12,2-17             the positions that another page gave

#pragma once

#include <cstdint>
#include <string_view>

#include "omashu/result.h"
#include "table/position_set.h"

namespace omashu::inspect {

struct PageStart {
  enum class Kind : uint8_t { kBeginning, kEnd, kOffset, kTime, kPositions };

  Kind kind = Kind::kEnd;
  int64_t value = 0;  // an offset, or milliseconds since 1970
  table::PositionSet positions = {};
};

// Errors say what may stand there.
Result<PageStart> parse_page_start(std::string_view text, std::string_view topic, int64_t now_ms);

}  // namespace omashu::inspect
