#include "broker/log/log_time_search.h"

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/batch_reader.h"
#include "broker/log/compression.h"
#include "broker/log/log_mender.h"
#include "broker/log/record.h"

namespace omashu::broker {

namespace {

constexpr size_t kChunkBytes = 64 << 10;
constexpr int kMaxAttempts = 4;  // each but the last one has mended something

// The first record of a batch that is at or after `from_offset` and not older than the timestamp.
std::optional<TimestampOffset> find_in(const RecordBatchView& batch, int64_t timestamp, Offset from_offset) {
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

template <class Find>
LogTimeSearch::Found LogTimeSearch::find_and_mend(Find&& find) {
  for (int attempt = 1;; ++attempt) {
    Found found = find();
    if (found || found.error().code != ErrorCode::kCorrupt || attempt == kMaxAttempts) return found;
    const auto mended = mend_damaged_segments(state_);
    if (!mended) return fail(mended.error());
    if (!*mended) return found;
  }
}

LogTimeSearch::Found LogTimeSearch::offset_for_timestamp(int64_t timestamp) {
  return find_and_mend([&] { return try_to_find(timestamp); });
}

LogTimeSearch::Found LogTimeSearch::offset_of_max_timestamp() {
  return find_and_mend([this]() -> Found {
    const auto newest = max_timestamp();
    if (!newest) return fail(newest.error());
    if (*newest < 0) return std::nullopt;
    return try_to_find(*newest);
  });
}

LogTimeSearch::Found LogTimeSearch::try_to_find(int64_t timestamp) {
  for (Offset from_offset{0};;) {
    const auto range = search_range(timestamp, from_offset);
    if (!range) return fail(range.error());
    if (!*range) return std::nullopt;
    Found found = find_in_range(**range, timestamp);
    if (!found || *found) return found;
    from_offset = (*range)->next_segment_offset;
  }
}

LogTimeSearch::Found LogTimeSearch::find_in_range(const SearchRange& range, int64_t timestamp) {
  BatchReader reader(*range.file, range.position, range.end, kChunkBytes);
  for (;;) {
    const auto batch = reader.batch();
    if (!batch) return fail(batch.error());
    if (!*batch) break;
    if ((*batch)->header.max_timestamp >= timestamp) {
      if (!(*batch)->has_valid_crc()) return damaged(range, reader.position());
      if (const auto found = find_in(**batch, timestamp, range.from_offset)) return found;
    }
    reader.skip((*batch)->header);
  }
  if (!reader.is_at_end()) return damaged(range, reader.position());
  return std::nullopt;
}

std::unexpected<Error> LogTimeSearch::damaged(const SearchRange& range, uint64_t position) {
  const MutexLock lock(state_.mutex);
  range.segment->set_damaged();
  return fail(ErrorCode::kCorrupt, fmt::format("{} is damaged at position {}", range.segment->names().log, position));
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

Result<std::optional<LogTimeSearch::SearchRange>> LogTimeSearch::search_range(int64_t timestamp, Offset from_offset) {
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
    return SearchRange{.segment = state_.segments[i],
                       .file = std::move(*file),
                       .position = (*first)->position,
                       .end = segment.size_bytes(),
                       .from_offset = from_offset,
                       .next_segment_offset = state_.end_of_segment(i)};
  }
  return std::nullopt;
}

}  // namespace omashu::broker
