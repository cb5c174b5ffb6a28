#include "broker/log/log_state.h"

#include <algorithm>

#include "broker/log/log_recovery.h"

namespace omashu::broker {

Result<void> LogState::open_if_needed() {
  if (phase == Phase::kOpen || phase == Phase::kReadOnly) return {};
  if (phase == Phase::kUnusable) return fail(failure);
  auto opened = open_log(*this);
  if (opened) {
    phase = Phase::kOpen;
    is_open = true;
    return {};
  }
  segments.clear();
  producers = {};
  if (opened.error().code != ErrorCode::kUnavailable) end_all(opened.error());
  return opened;
}

Result<void> LogState::check_writable() {
  if (auto ready = open_if_needed(); !ready) return ready;
  if (phase == Phase::kReadOnly) return fail(failure);
  return {};
}

void LogState::end_writing(const Error& reason) {
  phase = Phase::kReadOnly;
  failure = reason;
}

void LogState::end_all(const Error& reason) {
  phase = Phase::kUnusable;
  is_open = true;  // nothing has to be read first
  failure = reason;
}

size_t LogState::segment_of(Offset offset) const {
  const auto after = std::ranges::upper_bound(segments, offset, {}, &Segment::base_offset);
  return static_cast<size_t>(std::max<ptrdiff_t>(after - segments.begin() - 1, 0));
}

Offset LogState::end_of_segment(size_t index) const {
  return index + 1 < segments.size() ? segments[index + 1]->base_offset() : log_end_offset;
}

bool LogState::may_be_compacted(size_t index) const {
  const Offset end_offset = end_of_segment(index);
  // Compaction touches nothing after the recovery point. What it has done since first_dirty_offset was written may have
  // been cut off by a crash.
  return end_offset <= recovery_point && (config.is_compacted || end_offset <= first_dirty_offset);
}

}  // namespace omashu::broker
