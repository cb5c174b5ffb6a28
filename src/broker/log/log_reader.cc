#include "broker/log/log_reader.h"

#include <algorithm>

#include "broker/log/log_files.h"

namespace omashu::broker {

Result<LogOffsets> LogReader::offsets() {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.open_if_needed(); !ready) return fail(ready.error());
  return LogOffsets{.log_start_offset = state_.log_start_offset, .log_end_offset = state_.log_end_offset};
}

Result<uint64_t> LogReader::size_bytes() {
  const MutexLock lock(state_.mutex);
  uint64_t total_bytes = 0;
  if (state_.is_open) {
    for (const auto& segment : state_.segments) total_bytes += segment->size_bytes();
    return total_bytes;
  }
  const auto files = state_.files.file_system().list(state_.folder);
  if (!files && files.error().code == ErrorCode::kNotFound) return 0;
  if (!files) return fail(files.error());
  for (const FileInfo& file : *files) {
    const auto name = parse_log_file_name(file.name);
    if (name && name->kind == LogFileName::Kind::kLog) total_bytes += file.size_bytes;
  }
  return total_bytes;
}

Result<std::vector<ActiveProducer>> LogReader::active_producers() {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.open_if_needed(); !ready) return fail(ready.error());
  return state_.producers.active();
}

ReadResult LogReader::read(int64_t offset, const ReadOptions& options) {
  const MutexLock lock(state_.mutex);
  const auto storage_error = [](const Error& error) {
    return ReadResult{.error = KafkaError::kKafkaStorageError, .message = error.message, .records = {}};
  };
  if (auto ready = state_.open_if_needed(); !ready) return storage_error(ready.error());
  ReadResult result{.message = {},
                    .records = {},
                    .log_start_offset = state_.log_start_offset,
                    .high_watermark = state_.log_end_offset};
  if (offset < state_.log_start_offset || offset > state_.log_end_offset) {
    result.error = KafkaError::kOffsetOutOfRange;
    return result;
  }
  const int64_t limit_offset = std::min(options.upper_bound_offset, state_.log_end_offset);
  if (offset >= limit_offset) return result;
  auto records = slice(offset, limit_offset, options);
  if (!records) return storage_error(records.error());
  result.records = std::move(*records);
  return result;
}

Result<FileSlice> LogReader::slice(int64_t offset, int64_t limit_offset, const ReadOptions& options) {
  // After compaction there may be nothing left at the end of a segment.
  for (size_t i = state_.segment_of(offset); i < state_.segments.size(); ++i) {
    Segment& segment = *state_.segments[i];
    const auto first = segment.find(offset);
    if (!first) return fail(first.error());
    if (!*first) continue;
    const uint64_t position = (*first)->position;
    uint64_t end = segment.size_bytes();
    if (limit_offset < state_.end_of_segment(i)) {
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
