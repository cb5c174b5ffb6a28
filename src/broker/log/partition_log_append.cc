// Appending to a partition's log, and when it takes a new segment.

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/big_endian.h"
#include "broker/log/partition_log.h"

namespace omashu::broker {

namespace {

// The last batch's offsets relative to the segment's base have to fit into 31 bits.
constexpr int64_t kMostRelativeOffset = std::numeric_limits<int32_t>::max();

void set_log_append_time(std::span<char> batch, RecordBatchHeader& header, int64_t now_ms) {
  header.attributes |= kLogAppendTimeBit;
  header.max_timestamp = now_ms;
  store_big_endian(batch.data() + batch_field::kAttributes, header.attributes);
  store_big_endian(batch.data() + batch_field::kMaxTimestamp, header.max_timestamp);
  store_big_endian(batch.data() + batch_field::kCrc, batch_crc({batch.data(), batch.size()}));
}

}  // namespace

AppendResult PartitionLog::append(std::span<char> batch, const AppendOptions& options) {
  const LogConfig config = [this] {
    const Lock lock(mutex_);
    return config_;
  }();
  auto checked = check_batch({batch.data(), batch.size()}, config);
  if (!checked) return {.error = checked.error().error, .message = std::move(checked.error().message)};
  RecordBatchHeader header = checked->header;
  if (config.message_timestamp_type == TimestampType::kLogAppendTime) {
    set_log_append_time(batch, header, options.now_ms);
  }

  const Lock lock(mutex_);
  if (auto ready = check_writable(); !ready) return storage_error(ready.error());
  if (header.has_producer()) {
    if (auto answer = answer_producer(header)) return std::move(*answer);
  }
  header.base_offset = log_end_offset_;
  store_big_endian(batch.data() + batch_field::kBaseOffset, header.base_offset);
  store_big_endian(batch.data() + batch_field::kPartitionLeaderEpoch, options.leader_epoch);
  if (auto ready = prepare_active_segment(header, options.now_ms); !ready) return storage_error(ready.error());
  const std::string_view bytes(batch.data(), batch.size());
  if (auto done = segments_.back()->append(bytes, header, config_.index_interval_bytes, options.now_ms); !done) {
    return storage_error(done.error());
  }
  append_failure_.reset();
  log_end_offset_ = header.next_offset();
  bytes_since_recovery_point_ += bytes.size();
  if (header.has_producer()) producers_.update(header, options.now_ms);
  return {.message = {},
          .base_offset = header.base_offset,
          .last_offset = header.last_offset(),
          .log_append_time_ms = header.is_log_append_time() ? header.max_timestamp : -1,
          .log_start_offset = log_start_offset_};
}

Result<void> PartitionLog::last_append() {
  const Lock lock(mutex_);
  if (append_failure_) return fail(*append_failure_);
  return {};
}

std::optional<AppendResult> PartitionLog::answer_producer(const RecordBatchHeader& header) const {
  const auto check = producers_.check(header);
  switch (check.verdict) {
    case ProducerStates::Verdict::kNext: return std::nullopt;
    case ProducerStates::Verdict::kDuplicate:
      return AppendResult{.message = {},
                          .base_offset = check.duplicate.base_offset(),
                          .last_offset = check.duplicate.last_offset,
                          .log_append_time_ms = header.is_log_append_time() ? check.duplicate.timestamp : -1,
                          .log_start_offset = log_start_offset_,
                          .is_duplicate = true};
    case ProducerStates::Verdict::kOldEpoch:
      return AppendResult{
          .error = KafkaError::kInvalidProducerEpoch,
          .message = fmt::format("producer {} has a newer epoch than {}", header.producer_id, header.producer_epoch)};
    case ProducerStates::Verdict::kOutOfOrder:
      return AppendResult{.error = KafkaError::kOutOfOrderSequenceNumber,
                          .message = fmt::format("producer {} sent the sequence {} where {} was next",
                                                 header.producer_id, header.base_sequence, check.expected_sequence)};
  }
  return std::nullopt;
}

Result<void> PartitionLog::prepare_active_segment(const RecordBatchHeader& header, int64_t now_ms) {
  if (segments_.empty()) {
    FileSystem& file_system = files_.file_system();
    if (auto done = file_system.create_folder(folder_); !done) return done;
    is_folder_new_ = true;
    if (auto done = check_topic_id(); !done) return done;
  }
  const bool has_room = !segments_.empty() && has_room_for(header);
  const auto is_old = has_room ? is_active_old(now_ms) : true;
  if (!is_old) return fail(is_old.error());
  if (*is_old) {
    if (auto done = add_segment(now_ms); !done) return done;
  }
  if (active_since_ms_ < 0) active_since_ms_ = now_ms;
  return {};
}

bool PartitionLog::has_room_for(const RecordBatchHeader& header) const {
  const Segment& active = *segments_.back();
  if (active.size_bytes() == 0) return true;
  return active.size_bytes() + header.size_bytes() <= static_cast<uint64_t>(config_.segment_bytes) &&
         header.last_offset() - active.base_offset() <= kMostRelativeOffset;
}

Result<bool> PartitionLog::is_active_old(int64_t now_ms) {
  Segment& active = *segments_.back();
  if (active.size_bytes() == 0) return false;
  if (active_since_ms_ < 0) {  // begun before the log was opened
    const auto first = active.find(active.base_offset());
    if (!first) return fail(first.error());
    const int64_t timestamp = *first ? (*first)->header.max_timestamp : -1;
    active_since_ms_ = timestamp < 0 ? now_ms : std::min(timestamp, now_ms);
  }
  // What has to be compacted by a certain time has to be in a segment that is complete by then.
  const int64_t most_ms =
      config_.is_compacted ? std::min(config_.segment_ms, config_.max_compaction_lag_ms) : config_.segment_ms;
  return now_ms - active_since_ms_ >= most_ms;
}

// The last segment, whatever becomes of those before it, carries the log's end in its name.
Result<void> PartitionLog::add_segment(int64_t now_ms) {
  auto segment = std::make_shared<Segment>(files_, segment_files(folder_, log_end_offset_), log_end_offset_, 0, now_ms);
  if (auto done = segment->create(); !done) return done;
  if (!segments_.empty()) segments_.back()->seal();
  segments_.push_back(std::move(segment));
  active_since_ms_ = -1;
  is_folder_unsynced_ = true;
  return {};
}

AppendResult PartitionLog::storage_error(Error error) {
  append_failure_ = error;
  if (state_ == State::kOpen && error.code != ErrorCode::kUnavailable) {
    state_ = State::kReadOnly;
    failure_ = error;
  }
  return {.error = KafkaError::kKafkaStorageError, .message = std::move(error.message)};
}

}  // namespace omashu::broker
