#include "broker/log/log_appender.h"

#include <fmt/core.h>

#include <utility>

#include "broker/log/active_segment.h"
#include "broker/log/append_checks.h"
#include "broker/log/big_endian.h"

namespace omashu::broker {

namespace {

// The client's max_timestamp is replaced where its records say otherwise, or where the topic has LogAppendTime.
void set_timestamp(std::span<char> batch, RecordBatchHeader& header, TimestampType type, int64_t max_timestamp) {
  const bool is_log_append_time = type == TimestampType::kLogAppendTime;
  if (header.max_timestamp == max_timestamp && !is_log_append_time) return;
  if (is_log_append_time) header.attributes |= kLogAppendTimeBit;
  header.max_timestamp = max_timestamp;
  store_big_endian(batch.data() + batch_field::kAttributes, header.attributes);
  store_big_endian(batch.data() + batch_field::kMaxTimestamp, header.max_timestamp);
  store_big_endian(batch.data() + batch_field::kCrc, batch_crc({batch.data(), batch.size()}));
}

}  // namespace

LogConfig LogAppender::config() {
  const MutexLock lock(state_.mutex);
  state_.take_new_config();
  return state_.config;
}

bool LogAppender::is_slow_to_append(std::string_view batch) {
  const MutexLock lock(state_.mutex);
  state_.take_new_config();
  return is_slow_to_check(batch, state_.config);
}

AppendResult LogAppender::append(std::span<char> batch, const AppendOptions& options) {
  const LogConfig config = this->config();
  auto checked = check_batch({batch.data(), batch.size()}, config, options.now_ms);
  if (!checked) {
    AppendRefusal& refusal = checked.error();
    return {.error = refusal.error,
            .message = std::move(refusal.message),
            .record_errors = std::move(refusal.record_errors)};
  }
  if (!checked->recompressed.empty()) batch = checked->recompressed;
  RecordBatchHeader header = checked->header;
  const bool is_log_append_time = config.message_timestamp_type == TimestampType::kLogAppendTime;
  set_timestamp(batch, header, config.message_timestamp_type,
                is_log_append_time ? options.now_ms : checked->max_timestamp);

  const MutexLock lock(state_.mutex);
  if (auto ready = state_.check_writable(); !ready) return storage_error(ready.error());
  if (header.has_producer()) {
    if (auto answer = answer_producer(header)) return std::move(*answer);
  }
  header.base_offset = state_.log_end_offset;
  store_big_endian(batch.data() + batch_field::kBaseOffset, std::to_underlying(header.base_offset));
  store_big_endian(batch.data() + batch_field::kPartitionLeaderEpoch, options.leader_epoch);
  if (auto ready = prepare_active_segment(state_, header, options.now_ms); !ready) return storage_error(ready.error());
  const std::string_view bytes(batch.data(), batch.size());
  auto done = state_.segments.back()->append(bytes, header, state_.config.index_interval_bytes, options.now_ms);
  if (!done) return storage_error(done.error());
  state_.append_failure.reset();
  state_.last_append_ms = options.now_ms;
  state_.log_end_offset = header.next_offset();
  state_.bytes_since_recovery_point += bytes.size();
  if (header.has_producer()) state_.producers.update(header, options.now_ms);
  return {.message = {},
          .base_offset = header.base_offset,
          .last_offset = header.last_offset(),
          .log_append_time_ms = header.is_log_append_time() ? header.max_timestamp : -1,
          .log_start_offset = state_.log_start_offset,
          .flush_within_ms = flush_within_ms(),
          .size_bytes = bytes.size()};
}

int64_t LogAppender::flush_within_ms() const {
  const int64_t unflushed = state_.log_end_offset - state_.flushed_offset;
  return unflushed >= state_.config.flush_messages ? 0 : state_.config.flush_ms;
}

Result<void> LogAppender::last_append() {
  const MutexLock lock(state_.mutex);
  if (state_.append_failure) return fail(*state_.append_failure);
  return {};
}

std::optional<AppendResult> LogAppender::answer_producer(const RecordBatchHeader& header) const {
  const auto check = state_.producers.check(header);
  switch (check.verdict) {
    case ProducerStates::Verdict::kNext: return std::nullopt;
    case ProducerStates::Verdict::kDuplicate:
      return AppendResult{.message = {},
                          .base_offset = check.duplicate.base_offset(),
                          .last_offset = check.duplicate.last_offset,
                          .log_append_time_ms = header.is_log_append_time() ? check.duplicate.timestamp : -1,
                          .log_start_offset = state_.log_start_offset,
                          .is_duplicate = true};
    case ProducerStates::Verdict::kOldEpoch:
      return AppendResult{.error = KafkaError::kInvalidProducerEpoch,
                          .message = fmt::format("producer {} has a newer epoch than {}",
                                                 std::to_underlying(header.producer_id), header.producer_epoch)};
    case ProducerStates::Verdict::kOutOfOrder:
      return AppendResult{.error = KafkaError::kOutOfOrderSequenceNumber,
                          .message = fmt::format("producer {} sent the sequence {} where {} was next",
                                                 std::to_underlying(header.producer_id), header.base_sequence,
                                                 check.expected_sequence)};
  }
  return std::nullopt;
}

// An error that will not pass, as a full disk will, ends writing.
AppendResult LogAppender::storage_error(Error error) {
  state_.append_failure = error;
  if (state_.phase == LogState::Phase::kOpen && error.code != ErrorCode::kUnavailable) state_.end_writing(error);
  return {.error = KafkaError::kKafkaStorageError, .message = std::move(error.message)};
}

}  // namespace omashu::broker
