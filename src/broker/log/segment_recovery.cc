// What a segment does after a stop that was not clean.

#include <fmt/core.h>

#include "broker/log/batch_reader.h"
#include "broker/log/segment.h"

namespace omashu::broker {

namespace {

constexpr size_t kWalkChunkBytes = 4096;  // for headers only
constexpr size_t kScanChunkBytes = 256 << 10;

}  // namespace

Result<bool> Segment::recover(int64_t offset, int32_t index_interval_bytes,
                              const std::function<bool(const RecordBatchHeader&)>& accept) {
  const auto file = log_file();
  if (!file) return fail(file.error());
  const auto start = find_recovery_position(**file, offset);
  if (!start) return fail(start.error());
  BatchReader reader(**file, *start, size_bytes_, kScanChunkBytes);
  for (;;) {
    const auto batch = reader.batch();
    if (!batch) return fail(batch.error());
    if (!*batch || !(*batch)->has_valid_crc() || !accept((*batch)->header)) break;
    note((*batch)->header, reader.position(), index_interval_bytes);
    reader.skip((*batch)->header);
  }
  const bool is_whole = reader.is_at_end();
  if (!is_whole) {
    if (auto done = (*file)->truncate(reader.position()); !done) return fail(done.error());
    size_bytes_ = reader.position();
  }
  if (size_bytes_ > *start || !is_whole) unsynced_file_ = *file;
  return is_whole;
}

Result<uint64_t> Segment::find_recovery_position(const File& file, int64_t offset) {
  const auto is_before = [&](int64_t relative_offset) { return base_offset_ + relative_offset < offset; };
  auto cut = offset_index_.cut([&](const SparseIndex::Entry& entry) {
    return is_before(entry.key) && static_cast<uint64_t>(entry.value) < size_bytes_;
  });
  if (!cut) return fail(cut.error());
  cut = time_index_.cut([&](const SparseIndex::Entry& entry) { return is_before(entry.value); });
  if (!cut) return fail(cut.error());
  newest_.reset();
  if (const auto known = max_timestamp(); !known) return fail(known.error());

  const auto hint = offset_index_.last();
  if (!hint) return fail(hint.error());
  auto position = walk_to(file, *hint ? static_cast<uint64_t>((*hint)->value) : 0, offset);
  if (position && !*position && *hint) position = walk_to(file, 0, offset);  // a wrong hint
  if (!position) return fail(position.error());
  if (*position) return **position;
  return fail(ErrorCode::kCorrupt,
              fmt::format("{} is damaged: its batches before offset {} were on the disk, and are not all there",
                          names_.log, offset));
}

Result<std::optional<uint64_t>> Segment::walk_to(const File& file, uint64_t start, int64_t offset) {
  BatchReader reader(file, start, size_bytes_, kWalkChunkBytes);
  int64_t reached = start == 0 ? base_offset_ : -1;
  while (reached < offset) {
    const auto header = reader.header();
    if (!header) return fail(header.error());
    if (!*header) break;
    note_timestamp(**header);
    unindexed_bytes_ += static_cast<int64_t>((*header)->size_bytes());
    reached = (*header)->next_offset();
    reader.skip(**header);
  }
  if (reached != offset) return std::nullopt;
  return reader.position();
}

}  // namespace omashu::broker
