#include "table/live/resume_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "base/duration.h"

namespace omashu::table {

std::optional<std::string> why_rebuild(const StoredProgress& stored,
                                       const std::map<kafka::PartitionId, kafka::Watermarks>& log,
                                       int64_t delete_retention_ms, int64_t now_ms) {
  bool was_read = false, has_more = false;
  for (const auto& [partition, next] : stored.next_offsets) {
    const auto found = log.find(partition);
    if (found == log.end()) return fmt::format("partition {} is not there any more", partition);
    const kafka::Watermarks& marks = found->second;
    if (next == 0) continue;
    was_read = true;
    if (next < marks.low) {
      return fmt::format("the log of partition {} begins at offset {}, and it was read up to {}", partition, marks.low,
                         next);
    }
    if (next > marks.high) {
      return fmt::format("the log of partition {} ends at offset {}, and it was read up to {}", partition, marks.high,
                         next);
    }
  }
  for (const auto& [partition, marks] : log) {
    const auto next = stored.next_offsets.find(partition);
    has_more = has_more || (next == stored.next_offsets.end() ? 0 : next->second) < marks.high;
  }
  if (!was_read || !has_more) return std::nullopt;
  const int64_t age_ms = now_ms - stored.current_at_ms.value_or(0);
  if (age_ms <= delete_retention_ms) return std::nullopt;
  if (!stored.current_at_ms) return "it is not known when it was read";
  return fmt::format("it was last read {} ago, and the topic keeps tombstones for {} (delete.retention.ms)",
                     duration_text(std::chrono::milliseconds(age_ms / 1'000 * 1'000)),
                     duration_text(std::chrono::milliseconds(delete_retention_ms)));
}

}  // namespace omashu::table
