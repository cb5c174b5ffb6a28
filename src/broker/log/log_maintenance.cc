#include "broker/log/log_maintenance.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "broker/log/active_segment.h"
#include "broker/log/log_mender.h"
#include "broker/log/partition_files.h"

namespace omashu::broker {

namespace {

// Roughly what is read at most, beyond what was not flushed, when the log is opened after a crash.
constexpr uint64_t kRecoveryPointBytes = 16 << 20;

// A log that nobody writes to any more is known to be on the disk after so long, however little it is.
constexpr int64_t kRecoveryPointDelay_ms = 30'000;

constexpr int64_t kProducerExpiration_ms = 86'400'000;  // as Kafka's producer.id.expiration.ms
constexpr size_t kMaxProducers = 10'000;

}  // namespace

Result<void> LogMaintenance::maintain(int64_t now_ms) {
  const MutexLock one_at_a_time(state_.maintenance_mutex);
  const auto mended = mend_during_maintenance(state_);
  // A full disk must not keep the log from giving space back.
  if (!mended && mended.error().code != ErrorCode::kUnavailable) return fail(mended.error());
  const auto is_recovery_point_due = age(now_ms);
  if (!is_recovery_point_due) return fail(is_recovery_point_due.error());
  const auto point = *is_recovery_point_due ? flusher_.make_recovery_point() : Result<void>();
  if (!point && point.error().code != ErrorCode::kUnavailable) return point;
  if (auto done = remove_segments_before_start(now_ms); !done) return done;
  return mended ? point : fail(mended.error());
}

Result<bool> LogMaintenance::age(int64_t now_ms) {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.check_writable(); !ready) return fail(ready.error());
  if (state_.segments.empty()) return false;
  state_.producers.expire(now_ms, kProducerExpiration_ms, kMaxProducers);
  const auto is_old = is_active_segment_old(state_, now_ms);
  if (!is_old) return fail(is_old.error());
  if (*is_old) {
    if (auto done = add_segment(state_, now_ms); !done) return fail(done.error());
  }
  if (state_.config.is_deleted) {
    const auto start = retention_start(now_ms);
    if (!start) return fail(start.error());
    state_.log_start_offset = std::max(state_.log_start_offset, *start);
  }
  const bool is_at_rest =
      state_.recovery_point < state_.log_end_offset && now_ms - state_.last_append_ms >= kRecoveryPointDelay_ms;
  // Compaction leaves alone what recovery may still have to read.
  const bool is_waited_for =
      state_.config.is_compacted && state_.recovery_point < state_.segments.back()->base_offset();
  return state_.bytes_since_recovery_point >= kRecoveryPointBytes || state_.recovery_point < state_.log_start_offset ||
         is_at_rest || is_waited_for;
}

Result<Offset> LogMaintenance::retention_start(int64_t now_ms) {
  uint64_t total_bytes = 0;
  for (const auto& segment : state_.segments) total_bytes += segment->size_bytes();
  const uint64_t max_bytes =
      state_.config.retention_bytes < 0 ? total_bytes : static_cast<uint64_t>(state_.config.retention_bytes);
  uint64_t excess_bytes = total_bytes - std::min(total_bytes, max_bytes);
  size_t kept = 0;
  for (; kept < state_.segments.size(); ++kept) {
    Segment& segment = *state_.segments[kept];
    if (segment.size_bytes() == 0 && kept + 1 == state_.segments.size()) break;
    const auto max_timestamp = segment.max_timestamp();
    if (!max_timestamp) return fail(max_timestamp.error());
    const int64_t age_ms = now_ms - (*max_timestamp >= 0 ? *max_timestamp : segment.modified_ms());
    const bool is_too_old = state_.config.retention_ms >= 0 && age_ms > state_.config.retention_ms;
    const bool is_too_much = excess_bytes > 0 && segment.size_bytes() <= excess_bytes;
    if (!is_too_old && !is_too_much) break;
    excess_bytes -= std::min(excess_bytes, segment.size_bytes());
  }
  return kept == 0 ? state_.segments.front()->base_offset() : state_.end_of_segment(kept - 1);
}

DeleteRecordsResult LogMaintenance::delete_records(Offset before_offset, int64_t now_ms) {
  const MutexLock one_at_a_time(state_.maintenance_mutex);
  const auto storage_error = [](Error error) {
    return DeleteRecordsResult{.error = KafkaError::kKafkaStorageError, .message = std::move(error.message)};
  };
  LogCheckpoint checkpoint;
  std::optional<Offset> low_watermark;  // where the records are deleted already
  {
    const MutexLock lock(state_.mutex);
    if (auto ready = state_.check_writable(); !ready) return storage_error(ready.error());
    if (before_offset == kToHighWatermark) before_offset = state_.log_end_offset;
    if (before_offset < Offset{0} || before_offset > state_.log_end_offset)
      return {.error = KafkaError::kOffsetOutOfRange, .message = {}};
    if (before_offset <= state_.log_start_offset) low_watermark = state_.log_start_offset;
    checkpoint = state_.checkpoint();
    checkpoint.log_start_offset = before_offset;
  }
  if (low_watermark) {
    if (auto done = sync_checkpoint(); !done) return storage_error(done.error());
    return {.message = {}, .low_watermark = *low_watermark};
  }
  // The log's start must never be past what is on the disk of it.
  if (auto done = flusher_.make_recovery_point(); !done) return storage_error(done.error());
  if (auto done = replace_checkpoint(state_, checkpoint); !done) return storage_error(done.error());
  {
    const MutexLock lock(state_.mutex);
    state_.log_start_offset = before_offset;
    state_.is_checkpoint_unsynced = false;
  }
  if (auto done = remove_segments_before_start(now_ms); !done) return storage_error(done.error());
  return {.message = {}, .low_watermark = before_offset};
}

Result<void> LogMaintenance::sync_checkpoint() {
  {
    const MutexLock lock(state_.mutex);
    if (!state_.is_checkpoint_unsynced) return {};
  }
  if (auto done = state_.files.file_system().sync_folder(state_.folder); !done) return done;
  const MutexLock lock(state_.mutex);
  state_.is_checkpoint_unsynced = false;
  return {};
}

Result<void> LogMaintenance::remove_segments_before_start(int64_t now_ms) {
  std::vector<std::shared_ptr<Segment>> removed;
  {
    const MutexLock lock(state_.mutex);
    if (state_.segments.empty()) return {};
    if (state_.log_start_offset == state_.log_end_offset && state_.segments.back()->size_bytes() > 0) {
      if (auto done = add_segment(state_, now_ms); !done) return done;
    }
    auto kept = state_.segments.begin();
    while (kept + 1 != state_.segments.end() && (*(kept + 1))->base_offset() <= state_.log_start_offset) ++kept;
    removed.assign(state_.segments.begin(), kept);
    state_.segments.erase(state_.segments.begin(), kept);
  }
  // The oldest first: what a crash leaves is the end of the log.
  for (const auto& segment : removed) {
    if (auto done = segment->remove_files(); !done) return done;
  }
  return {};
}

}  // namespace omashu::broker
