#include "cli/records/start_position.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace omashu::cli {

namespace {

std::string place_text(const kafka::TopicPartition& partition) {
  return fmt::format("{}-{}", partition.topic, partition.partition);
}

Start start_at(kafka::Offset asked, const kafka::TopicPartition& partition, const kafka::Watermarks& watermarks) {
  if (asked < watermarks.low) {
    return {watermarks.low, fmt::format("{}: offset {} is below the first that is there: reading from {} on",
                                        place_text(partition), asked, watermarks.low)};
  }
  if (asked > watermarks.high) {
    return {watermarks.high, fmt::format("{}: offset {} is beyond the end: reading what comes from offset {} on",
                                         place_text(partition), asked, watermarks.high)};
  }
  return {asked, ""};
}

}  // namespace

Result<StartPosition> parse_start_position(std::string_view text) {
  if (text == "earliest" || text == "beginning") return StartPosition{.kind = StartPosition::Kind::kBeginning};
  if (text == "latest" || text == "end") return StartPosition{.kind = StartPosition::Kind::kEnd};
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && stop == text.data() + text.size();
  if (!is_number || number == INT64_MIN) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is not known: write a number, earliest, latest, or -N for N before the end", text));
  }
  if (text.starts_with('-')) return StartPosition{.kind = StartPosition::Kind::kBeforeEnd, .value = -number};
  return StartPosition{.kind = StartPosition::Kind::kOffset, .value = number};
}

Start start_within(const StartPosition& position, const kafka::TopicPartition& partition,
                   const kafka::Watermarks& watermarks, std::optional<kafka::Offset> at_time) {
  switch (position.kind) {
    case StartPosition::Kind::kBeginning: return {watermarks.low, ""};
    case StartPosition::Kind::kEnd: break;
    case StartPosition::Kind::kOffset: return start_at(position.value, partition, watermarks);
    case StartPosition::Kind::kBeforeEnd:
      return {std::max(watermarks.low, watermarks.high - std::min(watermarks.high, position.value)), ""};
    case StartPosition::Kind::kTime:
      if (at_time && *at_time >= 0) return {std::clamp(*at_time, watermarks.low, watermarks.high), ""};
      break;  // nothing is that late yet
  }
  return {watermarks.high, ""};
}

}  // namespace omashu::cli
