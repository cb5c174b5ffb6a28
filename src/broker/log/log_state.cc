#include "broker/log/log_state.h"

#include <algorithm>

#include "broker/log/log_recovery.h"
#include "broker/log/segment_mender.h"

namespace omashu::broker {

void LogState::set_config(const LogConfig& config_to_come) {
  const MutexLock lock(new_config_mutex);
  new_config = config_to_come;
  has_new_config = true;
}

void LogState::take_new_config() {
  if (!has_new_config) return;
  const MutexLock lock(new_config_mutex);
  config = *new_config;
  has_new_config = false;
}

Result<void> LogState::open_if_needed() {
  take_new_config();
  if (phase == Phase::kOpen || phase == Phase::kReadOnly) return {};
  if (phase == Phase::kUnusable) return fail(failure);
  auto opened = open_log(*this);
  if (opened) {
    phase = Phase::kOpen;
    is_open = true;
    return {};
  }
  end_until_reopened(opened.error());
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

void LogState::end_until_reopened(const Error& reason) {
  segments.clear();
  files.forget_folder(folder);
  producers = {};
  bytes_since_recovery_point = 0;
  active_since_ms = -1;
  if (reason.code != ErrorCode::kUnavailable) return end_all(reason);
  phase = Phase::kUnopened;
  is_open = false;
}

size_t LogState::segment_of(Offset offset) const {
  const auto after = std::ranges::upper_bound(segments, offset, {}, &Segment::base_offset);
  return static_cast<size_t>(std::max<ptrdiff_t>(after - segments.begin() - 1, 0));
}

Offset LogState::end_of_segment(size_t index) const {
  return index + 1 < segments.size() ? segments[index + 1]->base_offset() : log_end_offset;
}

bool LogState::may_be_compacted(size_t index) const {
  return index + 1 < segments.size() && end_of_segment(index) <= compacted_to;
}

bool LogState::may_end_early(size_t index) const {
  if (index + 1 == segments.size()) return true;
  const Offset end_offset = end_of_segment(index);
  return end_offset <= open_ended_to || !fits_into(*segments[index], end_offset);
}

LogCheckpoint LogState::checkpoint() const {
  return {.log_start_offset = log_start_offset,
          .first_dirty_offset = first_dirty_offset,
          .compacted_to = compacted_to,
          .open_ended_to = open_ended_to};
}

}  // namespace omashu::broker
