#include "broker/log/segment_mender.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "broker/log/damaged_bytes.h"
#include "broker/log/log_files.h"
#include "broker/log/log_folder.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {

namespace {

using Damage = BatchSalvager::Damage;

constexpr Offset kNoEnd = kMaxOffset;

// The names say that the new segment stands for no other than this one.
SegmentFiles names_of(const std::string& folder, const MendPlan& plan, std::string_view suffix) {
  return compacted_files(folder, plan.segment.base_offset, plan.segment.base_offset).with(suffix);
}

Result<std::string> set_aside_and_describe(LogState& state, const std::string& path, const Damage& damage,
                                           bool is_end_open) {
  if (damage.position == damage.end) {
    return fmt::format("{} ends at byte {}, too early: {}", path, damage.end,
                       lost_offsets_text(damage.first_offset, damage.end_offset));
  }
  const auto file = state.files.open(path, FileSystem::OpenMode::kExisting);
  if (!file) return fail(file.error());
  const auto copy = set_aside(state.files.file_system(), path, **file, damage.position, damage.end);
  if (!copy) return fail(copy.error());
  if (damage.end_offset == kNoEnd) {
    return fmt::format(
        "{} ends with {} bytes that are no whole record batch, after offset {}: a write was not finished "
        "when the broker or the machine stopped; they were set aside as {}",
        path, damage.end - damage.position, damage.first_offset - 1, *copy);
  }
  return fmt::format("{} is damaged from byte {} to {}, which were set aside as {}: {}", path, damage.position,
                     damage.end - 1, *copy,
                     is_end_open ? fmt::format("the offsets from {} on are lost; the log goes on at offset {}",
                                               damage.first_offset, damage.end_offset)
                                 : lost_offsets_text(damage.first_offset, damage.end_offset));
}

}  // namespace

bool fits_into(const Segment& segment, Offset end_offset) {
  return end_offset - segment.base_offset() <= std::numeric_limits<int32_t>::max();
}

Result<void> append_gap(Segment& to, Offset first_offset, Offset end_offset, int32_t index_interval_bytes) {
  if (end_offset <= first_offset || !fits_into(to, end_offset)) return {};
  const std::string batch = build_gap_batch(first_offset, end_offset);
  const auto header = RecordBatchHeader::parse(batch);
  if (!header) return fail(header.error());
  return to.append(batch, *header, index_interval_bytes, to.modified_ms());
}

std::string lost_offsets_text(Offset first_offset, Offset end_offset) {
  if (end_offset <= first_offset) return "no offset is lost";
  if (end_offset == first_offset + 1) return fmt::format("the offset {} is lost", first_offset);
  return fmt::format("the offsets {} to {} are lost", first_offset, end_offset - 1);
}

MendPlan plan_mending(const LogState& state, size_t index, bool is_dense) {
  const auto& segment = state.segments[index];
  const bool is_last = index + 1 == state.segments.size();
  const Offset end_offset = is_last ? kNoEnd : state.end_of_segment(index);
  return {.segment = {.origin = segment,
                      .names = segment->names(),
                      .base_offset = segment->base_offset(),
                      .end_offset = end_offset,
                      .size_bytes = segment->size_bytes(),
                      .modified_ms = segment->modified_ms()},
          .bounds = {.first_offset = segment->base_offset(), .end_offset = end_offset, .is_dense = is_dense},
          .must_reach_end = is_dense ? !is_last : !state.may_end_early(index),
          .index_interval_bytes = state.config.index_interval_bytes};
}

Result<MendedSegment> write_mended_segment(OpenFiles& files, const std::string& folder, const MendPlan& plan) {
  const auto file = files.open(plan.segment.names.log, FileSystem::OpenMode::kExisting);
  if (!file) return fail(file.error());
  const auto file_bytes = (*file)->size_bytes();
  if (!file_bytes) return fail(file_bytes.error());
  BatchSalvager salvager(**file, 0, std::min(*file_bytes, plan.segment.size_bytes), plan.bounds);
  Segment mended(files, names_of(folder, plan, kMendedSuffix), plan.segment.base_offset, 0, plan.segment.modified_ms);
  if (auto done = mended.create(); !done) return fail(done.error());
  size_t gaps = 0;
  const auto append_gaps = [&]() -> Result<void> {
    for (; gaps < salvager.damage().size(); ++gaps) {
      const Damage& damage = salvager.damage()[gaps];
      auto done = append_gap(mended, damage.first_offset, damage.end_offset, plan.index_interval_bytes);
      if (!done) return done;
    }
    return {};
  };
  for (;;) {
    const auto batch = salvager.next();
    if (!batch) return fail(batch.error());
    if (auto done = append_gaps(); !done) return fail(done.error());
    if (!*batch) break;
    const RecordBatchView& view = **batch;
    auto done = mended.append(view.bytes, view.header, plan.index_interval_bytes, plan.segment.modified_ms);
    if (!done) return fail(done.error());
  }
  std::vector<Damage> damage = salvager.damage();
  const bool is_end_open =
      !damage.empty() && damage.back().end_offset == kNoEnd && damage.back().first_offset < plan.known_end_offset;
  if (is_end_open) {
    damage.back().end_offset = plan.known_end_offset;
    auto done = append_gap(mended, damage.back().first_offset, plan.known_end_offset, plan.index_interval_bytes);
    if (!done) return fail(done.error());
  }
  const bool is_end_lost = !damage.empty() && damage.back().end_offset == plan.bounds.end_offset;
  if (plan.must_reach_end && !is_end_lost && salvager.next_offset() < plan.bounds.end_offset) {
    damage.push_back({salvager.position(), salvager.position(), salvager.next_offset(), plan.bounds.end_offset});
    auto done = append_gap(mended, salvager.next_offset(), plan.bounds.end_offset, plan.index_interval_bytes);
    if (!done) return fail(done.error());
  }
  mended.seal();
  if (auto done = mended.sync(); !done) return fail(done.error());
  mended.forget_files();
  return MendedSegment{.size_bytes = mended.size_bytes(), .damage = std::move(damage), .is_end_open = is_end_open};
}

Result<void> put_in_place(LogState& state, size_t index, const MendPlan& plan, const MendedSegment& mended) {
  std::vector<std::string> lines;
  for (const Damage& damage : mended.damage) {
    const bool is_end_open = mended.is_end_open && &damage == &mended.damage.back();
    auto line = set_aside_and_describe(state, plan.segment.names.log, damage, is_end_open);
    if (!line) return fail(line.error());
    lines.push_back(*std::move(line));
  }
  FileSystem& file_system = state.files.file_system();
  const SegmentFiles written = names_of(state.folder, plan, kMendedSuffix);
  const SegmentFiles swap = names_of(state.folder, plan, kSwapSuffix);
  if (auto begun = begin_swap(file_system, state.folder, written, swap); !begun) {
    if (begun.error().code == ErrorCode::kIo) state.end_writing(begun.error());
    return begun;
  }
  const Offset base_offset = plan.segment.base_offset;
  if (auto done = finish_swap(file_system, state.folder, base_offset, base_offset, {}); !done) {
    state.end_until_reopened(done.error());
    return done;
  }
  state.segments[index]->forget_files();
  auto segment = std::make_shared<Segment>(state.files, plan.segment.names, base_offset, mended.size_bytes,
                                           plan.segment.modified_ms);
  segment->set_verified(0, mended.size_bytes);
  segment->set_mended();
  state.segments[index] = std::move(segment);
  for (const std::string& line : lines) state.tell(line);
  return file_system.sync_folder(state.folder);
}

void remove_mended_files(OpenFiles& files, const std::string& folder, const MendPlan& plan) {
  const SegmentFiles written = names_of(folder, plan, kMendedSuffix);
  // What remains is removed when the log is opened the next time.
  for (const std::string* path : {&written.offset_index, &written.time_index, &written.log}) {
    files.forget(*path);
    (void)files.file_system().remove_file(*path);
  }
}

}  // namespace omashu::broker
