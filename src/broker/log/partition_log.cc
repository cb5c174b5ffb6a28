#include "broker/log/partition_log.h"

#include <algorithm>

namespace omashu::broker {

PartitionLog::PartitionLog(OpenFiles& files, std::string folder, TopicId topic_id, const LogConfig& config)
    : files_(files), folder_(std::move(folder)), topic_id_(topic_id), config_(config) {}

void PartitionLog::set_config(const LogConfig& config) {
  const Lock lock(mutex_);
  config_ = config;
}

Result<LogOffsets> PartitionLog::offsets() {
  const Lock lock(mutex_);
  if (auto ready = open_if_needed(); !ready) return fail(ready.error());
  return LogOffsets{.log_start_offset = log_start_offset_, .log_end_offset = log_end_offset_};
}

size_t PartitionLog::segment_of(int64_t offset) const {
  const auto after = std::ranges::upper_bound(segments_, offset, {}, &Segment::base_offset);
  return static_cast<size_t>(std::max<ptrdiff_t>(after - segments_.begin() - 1, 0));
}

int64_t PartitionLog::end_of_segment(size_t index) const {
  return index + 1 < segments_.size() ? segments_[index + 1]->base_offset() : log_end_offset_;
}

ReadResult PartitionLog::read(int64_t offset, const ReadOptions& options) {
  const Lock lock(mutex_);
  const auto storage_error = [](const Error& error) {
    return ReadResult{.error = KafkaError::kKafkaStorageError, .message = error.message, .records = {}};
  };
  if (auto ready = open_if_needed(); !ready) return storage_error(ready.error());
  ReadResult result{
      .message = {}, .records = {}, .log_start_offset = log_start_offset_, .high_watermark = log_end_offset_};
  if (offset < log_start_offset_ || offset > log_end_offset_) {
    result.error = KafkaError::kOffsetOutOfRange;
    return result;
  }
  const int64_t limit_offset = std::min(options.upper_bound_offset, log_end_offset_);
  if (offset >= limit_offset) return result;
  auto records = slice(offset, limit_offset, options);
  if (!records) return storage_error(records.error());
  result.records = std::move(*records);
  return result;
}

Result<FileSlice> PartitionLog::slice(int64_t offset, int64_t limit_offset, const ReadOptions& options) {
  // After compaction there may be nothing left at the end of a segment.
  for (size_t i = segment_of(offset); i < segments_.size(); ++i) {
    Segment& segment = *segments_[i];
    const auto first = segment.find(offset);
    if (!first) return fail(first.error());
    if (!*first) continue;
    const uint64_t position = (*first)->position;
    uint64_t end = segment.size_bytes();
    if (limit_offset < end_of_segment(i)) {
      const auto limit = segment.find(limit_offset);
      if (!limit) return fail(limit.error());
      if (*limit) end = std::max((*limit)->position, position);
    }
    const uint64_t first_bytes = (*first)->header.size_bytes();
    uint64_t size = std::min<uint64_t>(end - position, options.max_bytes);
    if (size < first_bytes) size = options.min_one_batch && end > position ? first_bytes : 0;
    auto file = segment.log_file();
    if (!file) return fail(file.error());
    return FileSlice{.file = std::move(*file), .position = position, .size_bytes = static_cast<uint32_t>(size)};
  }
  return FileSlice{};
}

}  // namespace omashu::broker
