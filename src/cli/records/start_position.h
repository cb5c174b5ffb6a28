// Where a consumer without a group's offsets starts to read.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kafka/consumer.h"
#include "omashu/result.h"

namespace omashu::cli {

struct StartPosition {
  enum class Kind : uint8_t {
    kBeginning,
    kEnd,
    kOffset,
    kBeforeEnd,  // so many offsets before the end of each partition
    kTime,       // the first record of that time or later
  };
  Kind kind = Kind::kEnd;
  int64_t value = 0;  // an offset, a number of records, or milliseconds since 1970
};

// What --offset says: a number, earliest or beginning, latest or end, or -N.
Result<StartPosition> parse_start_position(std::string_view text);

struct Start {
  kafka::Offset offset = 0;
  std::string note;  // what the user is told, where it is not the offset that was asked for; else ""
};

// The first offset to read. `at_time` is the answer of Consumer::offsets_for_time, for kTime.
Start start_within(const StartPosition& position, const kafka::TopicPartition& partition,
                   const kafka::Watermarks& watermarks, std::optional<kafka::Offset> at_time = std::nullopt);

}  // namespace omashu::cli
