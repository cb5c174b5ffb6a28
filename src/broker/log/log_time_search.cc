#include "broker/log/log_time_search.h"

#include <algorithm>

#include "broker/log/batch_reader.h"
#include "broker/log/compression.h"
#include "broker/log/record.h"

namespace omashu::broker {

namespace {

constexpr size_t kChunkBytes = 64 << 10;

// The first record of a batch that is at or after `from_offset` and not older than the timestamp.
std::optional<TimestampOffset> find_in(const RecordBatchView& batch, int64_t timestamp, int64_t from_offset) {
  const RecordBatchHeader& header = batch.header;
  std::string buffer;
  const auto records = read_records(batch, buffer);
  if (!records) return std::nullopt;
  RecordReader reader(*records, header.records_count);
  while (const RecordView* record = reader.next()) {
    const TimestampOffset found{.timestamp = header.timestamp_of(record->timestamp_delta),
                                .offset = header.offset_of(record->offset_delta)};
    if (found.timestamp >= timestamp && found.offset >= from_offset) return found;
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<TimestampOffset>> LogTimeSearch::offset_for_timestamp(int64_t timestamp) {
  for (int64_t from_offset = 0;;) {
    const auto range = search_range(timestamp, from_offset);
    if (!range) return fail(range.error());
    if (!*range) return std::nullopt;
    BatchReader reader(*(*range)->file, (*range)->position, (*range)->end, kChunkBytes);
    for (;;) {
      const auto batch = reader.batch();
      if (!batch) return fail(batch.error());
      if (!*batch) break;
      if ((*batch)->header.max_timestamp >= timestamp) {
        if (const auto found = find_in(**batch, timestamp, (*range)->from_offset)) return found;
      }
      reader.skip((*batch)->header);
    }
    from_offset = (*range)->next_segment_offset;
  }
}

Result<std::optional<TimestampOffset>> LogTimeSearch::offset_of_max_timestamp() {
  const auto newest = max_timestamp();
  if (!newest) return fail(newest.error());
  if (*newest < 0) return std::nullopt;
  return offset_for_timestamp(*newest);
}

Result<int64_t> LogTimeSearch::max_timestamp() {
  int64_t newest = -1;
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.open_if_needed(); !ready) return fail(ready.error());
  for (size_t i = 0; i < state_.segments.size(); ++i) {
    if (state_.end_of_segment(i) <= state_.log_start_offset) continue;
    const auto max_timestamp = state_.segments[i]->max_timestamp();
    if (!max_timestamp) return fail(max_timestamp.error());
    newest = std::max(newest, *max_timestamp);
  }
  return newest;
}

Result<std::optional<LogTimeSearch::SearchRange>> LogTimeSearch::search_range(int64_t timestamp, int64_t from_offset) {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.open_if_needed(); !ready) return fail(ready.error());
  from_offset = std::max(from_offset, state_.log_start_offset);
  for (size_t i = state_.segment_of(from_offset); i < state_.segments.size(); ++i) {
    Segment& segment = *state_.segments[i];
    const auto max_timestamp = segment.max_timestamp();
    if (!max_timestamp) return fail(max_timestamp.error());
    if (*max_timestamp < timestamp) continue;
    const auto first = segment.find_from_time(timestamp);
    if (!first) return fail(first.error());
    auto file = segment.log_file();
    if (!file) return fail(file.error());
    if (!*first) continue;
    return SearchRange{.file = std::move(*file),
                       .position = (*first)->position,
                       .end = segment.size_bytes(),
                       .from_offset = from_offset,
                       .next_segment_offset = state_.end_of_segment(i)};
  }
  return std::nullopt;
}

}  // namespace omashu::broker
