// Looking for offsets by time.

#include <algorithm>

#include "broker/log/batch_reader.h"
#include "broker/log/compression.h"
#include "broker/log/partition_log.h"
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

// A part of a segment in which the record that is looked for may be.
struct PartitionLog::SearchRange {
  std::shared_ptr<File> file;
  uint64_t position = 0;
  uint64_t end = 0;
  int64_t from_offset = 0;
  int64_t next_segment_offset = 0;
};

Result<std::optional<TimestampOffset>> PartitionLog::offset_for_timestamp(int64_t timestamp) {
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

Result<std::optional<TimestampOffset>> PartitionLog::offset_of_max_timestamp() {
  int64_t newest = -1;
  {
    const Lock lock(mutex_);
    if (auto ready = open_if_needed(); !ready) return fail(ready.error());
    for (size_t i = 0; i < segments_.size(); ++i) {
      if (end_of_segment(i) <= log_start_offset_) continue;
      const auto max_timestamp = segments_[i]->max_timestamp();
      if (!max_timestamp) return fail(max_timestamp.error());
      newest = std::max(newest, *max_timestamp);
    }
  }
  if (newest < 0) return std::nullopt;
  return offset_for_timestamp(newest);
}

Result<std::optional<PartitionLog::SearchRange>> PartitionLog::search_range(int64_t timestamp, int64_t from_offset) {
  const Lock lock(mutex_);
  if (auto ready = open_if_needed(); !ready) return fail(ready.error());
  from_offset = std::max(from_offset, log_start_offset_);
  for (size_t i = segment_of(from_offset); i < segments_.size(); ++i) {
    Segment& segment = *segments_[i];
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
                       .next_segment_offset = end_of_segment(i)};
  }
  return std::nullopt;
}

}  // namespace omashu::broker
