// What becomes old in a partition's log: segments, records, producers, the recovery point.

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/partition_log.h"

namespace omashu::broker {

namespace {

// Roughly what is read at most, beyond what was not flushed, when the log is opened after a crash.
constexpr uint64_t kRecoveryPointBytes = 16 << 20;

constexpr int64_t kProducerExpiration_ms = 86'400'000;  // as Kafka's producer.id.expiration.ms
constexpr size_t kMostProducers = 10'000;

}  // namespace

Result<void> PartitionLog::maintain(int64_t now_ms) {
  const Lock one_at_a_time(maintenance_mutex_);
  const auto is_recovery_point_due = age(now_ms);
  if (!is_recovery_point_due) return fail(is_recovery_point_due.error());
  const auto point = *is_recovery_point_due ? make_recovery_point() : Result<void>();
  // A full disk must not keep the log from giving space back.
  if (!point && point.error().code != ErrorCode::kUnavailable) return point;
  if (auto done = remove_segments_before_start(now_ms); !done) return done;
  return point;
}

// Whether a new recovery point is due afterwards.
Result<bool> PartitionLog::age(int64_t now_ms) {
  const Lock lock(mutex_);
  if (auto ready = check_writable(); !ready) return fail(ready.error());
  if (segments_.empty()) return false;
  producers_.expire(now_ms, kProducerExpiration_ms, kMostProducers);
  const auto is_old = is_active_old(now_ms);
  if (!is_old) return fail(is_old.error());
  if (*is_old) {
    if (auto done = add_segment(now_ms); !done) return fail(done.error());
  }
  if (config_.is_deleted) {
    const auto start = retention_start(now_ms);
    if (!start) return fail(start.error());
    log_start_offset_ = std::max(log_start_offset_, *start);
  }
  // Compaction leaves alone what recovery may still have to read.
  const bool is_waited_for = config_.is_compacted && recovery_point_ < segments_.back()->base_offset();
  return bytes_since_recovery_point_ >= kRecoveryPointBytes || recovery_point_ < log_start_offset_ || is_waited_for;
}

// The end of the last segment that is too old or too much; the base of the first one where there is none.
Result<int64_t> PartitionLog::retention_start(int64_t now_ms) {
  uint64_t total_bytes = 0;
  for (const auto& segment : segments_) total_bytes += segment->size_bytes();
  const uint64_t most_bytes =
      config_.retention_bytes < 0 ? total_bytes : static_cast<uint64_t>(config_.retention_bytes);
  uint64_t excess_bytes = total_bytes - std::min(total_bytes, most_bytes);
  size_t kept = 0;
  for (; kept < segments_.size(); ++kept) {
    Segment& segment = *segments_[kept];
    if (segment.size_bytes() == 0 && kept + 1 == segments_.size()) break;
    const auto max_timestamp = segment.max_timestamp();
    if (!max_timestamp) return fail(max_timestamp.error());
    const int64_t age_ms = now_ms - (*max_timestamp >= 0 ? *max_timestamp : segment.modified_ms());
    const bool is_too_old = config_.retention_ms >= 0 && age_ms > config_.retention_ms;
    const bool is_too_much = excess_bytes > 0 && segment.size_bytes() <= excess_bytes;
    if (!is_too_old && !is_too_much) break;
    excess_bytes -= std::min(excess_bytes, segment.size_bytes());
  }
  return kept == 0 ? segments_.front()->base_offset() : end_of_segment(kept - 1);
}

DeleteRecordsResult PartitionLog::delete_records(int64_t before_offset, int64_t now_ms) {
  const Lock one_at_a_time(maintenance_mutex_);
  const auto storage_error = [](Error error) {
    return DeleteRecordsResult{.error = KafkaError::kKafkaStorageError, .message = std::move(error.message)};
  };
  LogCheckpoint checkpoint;
  {
    const Lock lock(mutex_);
    if (auto ready = check_writable(); !ready) return storage_error(ready.error());
    if (before_offset == kToHighWatermark) before_offset = log_end_offset_;
    if (before_offset < 0 || before_offset > log_end_offset_)
      return {.error = KafkaError::kOffsetOutOfRange, .message = {}};
    if (before_offset <= log_start_offset_) return {.message = {}, .low_watermark = log_start_offset_};
    checkpoint = {.log_start_offset = before_offset, .first_dirty_offset = first_dirty_offset_};
  }
  // The log's start must never be past what is on the disk of it.
  if (auto done = make_recovery_point(); !done) return storage_error(done.error());
  if (auto done = write_checkpoint(checkpoint); !done) return storage_error(done.error());
  {
    const Lock lock(mutex_);
    log_start_offset_ = before_offset;
  }
  if (auto done = remove_segments_before_start(now_ms); !done) return storage_error(done.error());
  return {.message = {}, .low_watermark = before_offset};
}

Result<void> PartitionLog::write_checkpoint(const LogCheckpoint& checkpoint) {
  return files_.file_system().replace_file(fmt::format("{}/{}", folder_, kLogCheckpointFile),
                                           log_checkpoint_text(checkpoint));
}

Result<void> PartitionLog::remove_segments_before_start(int64_t now_ms) {
  std::vector<std::shared_ptr<Segment>> removed;
  {
    const Lock lock(mutex_);
    if (segments_.empty()) return {};
    if (log_start_offset_ == log_end_offset_ && segments_.back()->size_bytes() > 0) {
      if (auto done = add_segment(now_ms); !done) return done;
    }
    auto kept = segments_.begin();
    while (kept + 1 != segments_.end() && (*(kept + 1))->base_offset() <= log_start_offset_) ++kept;
    removed.assign(segments_.begin(), kept);
    segments_.erase(segments_.begin(), kept);
  }
  // The oldest first: what a crash leaves is the end of the log.
  for (const auto& segment : removed) {
    if (auto done = segment->remove_files(); !done) return done;
  }
  return {};
}

}  // namespace omashu::broker
