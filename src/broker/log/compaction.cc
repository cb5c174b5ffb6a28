#include "broker/log/compaction.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "broker/log/batch_reader.h"
#include "broker/log/compression.h"
#include "broker/log/record.h"
#include "broker/log/segment_mender.h"

namespace omashu::broker {

namespace {

constexpr size_t kChunkBytes = 1 << 20;

// Where the map had no room; nothing where it had for all keys of the batch.
std::optional<Offset> put_keys(const RecordBatchView& batch, Offset from_offset, OffsetMap& map) {
  std::string buffer;
  const auto records = read_records(batch, buffer);
  if (!records || batch.header.is_control()) return std::nullopt;
  RecordReader reader(*records, batch.header.records_count);
  while (const RecordView* record = reader.next()) {
    const Offset offset = batch.header.offset_of(record->offset_delta);
    if (offset < from_offset || !record->key) continue;
    if (!map.put(*record->key, offset)) return offset;
  }
  return std::nullopt;
}

}  // namespace

// `visit` gives a Result<bool>: whether to go on.
template <class Visit>
Result<void> Compaction::for_each_batch(const SealedSegment& segment, Visit&& visit) const {
  const auto file = files_.open(segment.names.log, FileSystem::OpenMode::kExisting);
  if (!file) return fail(file.error());
  BatchReader reader(**file, 0, segment.size_bytes, kChunkBytes);
  Offset next_offset = segment.base_offset;
  for (;;) {
    if (is_stopped_) return fail(ErrorCode::kCancelled, fmt::format("compaction of {} was stopped", folder_));
    const auto batch = reader.batch();
    if (!batch) return fail(batch.error());
    const bool is_at_end = !*batch && reader.is_at_end();
    if (is_at_end && (segment.may_end_early || next_offset == segment.end_offset)) return {};
    if (!*batch || !(*batch)->has_valid_crc()) {
      return fail(ErrorCode::kCorrupt, fmt::format("{} is damaged at position {}: it cannot be compacted",
                                                   segment.names.log, reader.position()));
    }
    const Result<bool> goes_on = visit(**batch);
    if (!goes_on) return fail(goes_on.error());
    if (!*goes_on) return {};
    next_offset = (*batch)->header.next_offset();
    reader.skip((*batch)->header);
  }
}

Result<Offset> Compaction::map_keys(std::span<const SealedSegment> segments, Offset from_offset, OffsetMap& map) const {
  for (const SealedSegment& segment : segments) {
    if (segment.end_offset <= from_offset) continue;
    std::optional<Offset> full_at;
    auto done = for_each_batch(segment, [&](const RecordBatchView& batch) -> Result<bool> {
      if (batch.header.last_offset() >= from_offset) full_at = put_keys(batch, from_offset, map);
      return !full_at;
    });
    if (!done) return fail(done.error());
    if (full_at) return *full_at;
  }
  return segments.back().end_offset;
}

Result<Compaction::Rewritten> Compaction::rewrite(std::span<const SealedSegment> segments, const CleaningRules& rules,
                                                  int32_t index_interval_bytes) const {
  const Offset base_offset = segments.front().base_offset;
  const SegmentFiles names = compacted_files(folder_, base_offset, segments.back().end_offset).with(kCleanedSuffix);
  Segment cleaned(files_, names, base_offset, 0, 0);
  if (auto done = cleaned.create(); !done) return fail(done.error());
  Rewritten rewritten{.is_changed = segments.size() > 1};
  std::string replacement;
  Offset next_offset = base_offset;
  for (const SealedSegment& segment : segments) {
    auto done = for_each_batch(segment, [&](const RecordBatchView& batch) -> Result<bool> {
      const auto bytes = clean_batch(batch, rules, replacement);
      rewritten.is_changed |= !bytes || bytes->data() != batch.bytes.data();
      if (!bytes) return true;
      const auto header = RecordBatchHeader::parse(*bytes);
      if (!header) return fail(header.error());
      if (auto written = cleaned.append(*bytes, *header, index_interval_bytes, 0); !written) {
        return fail(written.error());
      }
      next_offset = header->next_offset();
      return true;
    });
    if (!done) return fail(done.error());
  }
  if (const Offset end_offset = segments.back().end_offset;
      next_offset < end_offset && fits_into(cleaned, end_offset)) {
    if (auto done = append_gap(cleaned, next_offset, end_offset, index_interval_bytes); !done)
      return fail(done.error());
    rewritten.is_changed = true;
  }
  cleaned.seal();
  if (auto done = cleaned.sync(); !done) return fail(done.error());
  cleaned.forget_files();
  rewritten.size_bytes = cleaned.size_bytes();
  return rewritten;
}

std::vector<std::span<const SealedSegment>> group_segments(std::span<const SealedSegment> segments,
                                                           uint64_t segment_bytes) {
  std::vector<std::span<const SealedSegment>> groups;
  while (!segments.empty()) {
    size_t count = 1;
    uint64_t bytes = segments[0].size_bytes;
    for (; count < segments.size(); ++count) {
      bytes += segments[count].size_bytes;
      const int64_t offsets = segments[count].end_offset - segments[0].base_offset;
      if (bytes > segment_bytes || offsets > std::numeric_limits<int32_t>::max()) break;
    }
    groups.push_back(segments.first(count));
    segments = segments.subspan(count);
  }
  return groups;
}

}  // namespace omashu::broker
