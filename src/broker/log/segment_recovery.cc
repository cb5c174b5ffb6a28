// What a segment does after a stop that was not clean.

#include <fmt/core.h>

#include "broker/log/batch_reader.h"
#include "broker/log/segment.h"

namespace omashu::broker {

namespace {

constexpr size_t kWalkChunkBytes = 4096;  // for headers only
constexpr size_t kScanChunkBytes = 256 << 10;

}  // namespace

Result<Segment::Recovered> Segment::recover(Offset offset, bool has_gaps, int32_t index_interval_bytes,
                                            const std::function<bool(const RecordBatchHeader&)>& accept) {
  const auto file = log_file();
  if (!file) return fail(file.error());
  const auto start = find_recovery_position(**file, offset, has_gaps);
  if (!start) return fail(start.error());
  Recovered recovered = *start;
  BatchReader reader(**file, start->position, size_bytes_, kScanChunkBytes);
  for (;;) {
    const auto batch = reader.batch();
    if (!batch) return fail(batch.error());
    if (!*batch || !(*batch)->has_valid_crc() || !accept((*batch)->header)) break;
    note((*batch)->header, reader.position(), index_interval_bytes);
    recovered.next_offset = (*batch)->header.next_offset();
    reader.skip((*batch)->header);
  }
  recovered.position = reader.position();
  recovered.is_whole = reader.is_at_end();
  if (size_bytes_ > start->position) unsynced_file_ = *file;
  if (recovered.position > start->position) set_verified(start->position, recovered.position);
  return recovered;
}

Result<void> Segment::cut(uint64_t position) {
  const auto file = log_file();
  if (!file) return fail(file.error());
  if (auto done = (*file)->truncate(position); !done) return done;
  if (auto done = (*file)->sync(); !done) return done;
  size_bytes_ = position;
  trusted_from_ = std::min(trusted_from_, position);
  return {};
}

Result<Segment::Recovered> Segment::find_recovery_position(const File& file, Offset offset, bool has_gaps) {
  const auto is_before = [&](int64_t relative_offset) { return base_offset_ + relative_offset < offset; };
  auto cut = offset_index_.cut([&](const SparseIndex::Entry& entry) {
    return is_before(entry.key) && static_cast<uint64_t>(entry.value) < size_bytes_;
  });
  if (!cut) return fail(cut.error());
  cut = time_index_.cut([&](const SparseIndex::Entry& entry) { return is_before(entry.value); });
  if (!cut) return fail(cut.error());
  if (const auto known_to = load_newest(); !known_to) return fail(known_to.error());

  const auto hint = offset_index_.last();
  if (!hint) return fail(hint.error());
  auto found = walk_to(file, *hint ? static_cast<uint64_t>((*hint)->value) : 0, offset, has_gaps);
  if (found && !*found && *hint) found = walk_to(file, 0, offset, has_gaps);  // a wrong hint
  if (!found) return fail(found.error());
  if (*found) return **found;
  is_damaged_ = true;
  return fail(ErrorCode::kCorrupt,
              fmt::format("{} is damaged: its batches before offset {} were on the disk, and are not all there",
                          names_.log, offset));
}

Result<std::optional<Segment::Recovered>> Segment::walk_to(const File& file, uint64_t start, Offset offset,
                                                           bool has_gaps) {
  BatchReader reader(file, start, size_bytes_, kWalkChunkBytes);
  Offset reached = start == 0 ? base_offset_ : kNoOffset;
  while (reached < offset) {
    const auto header = reader.header();
    if (!header) return fail(header.error());
    if (!*header) break;
    note_timestamp(**header);
    unindexed_bytes_ += static_cast<int64_t>((*header)->size_bytes());
    reached = (*header)->next_offset();
    reader.skip(**header);
  }
  const bool holds = has_gaps ? reached >= offset || reader.is_at_end() : reached == offset;
  if (!holds) return std::nullopt;
  return Recovered{.position = reader.position(), .next_offset = reached};
}

}  // namespace omashu::broker
