#include "broker/log/log_recovery.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "broker/log/active_segment.h"
#include "broker/log/batch_salvager.h"
#include "broker/log/log_files.h"
#include "broker/log/log_folder.h"
#include "broker/log/partition_files.h"
#include "broker/log/segment_mender.h"

namespace omashu::broker {

namespace {

constexpr uint64_t kMaxSnapshotBytes = 64 << 20;

// The recovery point that the snapshot is; nothing where it cannot be read.
std::optional<Offset> load_snapshot(LogState& state, std::optional<Offset> offset) REQUIRES(state.mutex) {
  if (!offset) return std::nullopt;
  const std::string path = snapshot_path(state.folder, *offset);
  const auto bytes = state.files.file_system().read_file(path, kMaxSnapshotBytes);
  auto producers = bytes ? ProducerStates::decode(*bytes) : Result<ProducerStates>(fail(bytes.error()));
  if (!producers) {
    state.tell(fmt::format("{} cannot be read ({}): the whole log is read instead; no record is lost", path,
                           producers.error().message));
    return std::nullopt;
  }
  state.producers = std::move(*producers);
  return offset;
}

// A segment in the place of one whose .log is gone: it holds no record, and leads those who read on to the next one.
Result<void> add_segment_without_records(LogState& state, Offset base_offset, Offset end_offset) REQUIRES(state.mutex) {
  auto segment = std::make_shared<Segment>(state.files, segment_files(state.folder, base_offset), base_offset, 0, 0);
  if (auto done = segment->create(); !done) return done;
  if (auto done = append_gap(*segment, base_offset, end_offset, state.config.index_interval_bytes); !done) return done;
  if (auto done = segment->sync(); !done) return done;
  const auto after = std::ranges::upper_bound(state.segments, base_offset, {}, &Segment::base_offset);
  state.segments.insert(after, std::move(segment));
  return state.files.file_system().sync_folder(state.folder);
}

Result<void> replace_missing_segments(LogState& state, const LogFolder& contents) REQUIRES(state.mutex) {
  for (const Offset base_offset : contents.missing_logs) {
    const SegmentFiles names = segment_files(state.folder, base_offset);
    const auto after = std::ranges::upper_bound(state.segments, base_offset, {}, &Segment::base_offset);
    if (after == state.segments.end()) {
      state.tell(fmt::format("{} is missing: the offsets from {} on are lost", names.log, base_offset));
      for (const std::string* path : {&names.offset_index, &names.time_index}) {
        if (auto done = state.files.file_system().remove_file(*path); !done) return done;
      }
      continue;
    }
    const Offset end_offset = (*after)->base_offset();
    state.tell(fmt::format("{} is missing: {}", names.log, lost_offsets_text(base_offset, end_offset)));
    if (auto done = add_segment_without_records(state, base_offset, end_offset); !done) return done;
  }
  return {};
}

// `known_end_offset`: the log was known to reach so far.
Result<bool> mend(LogState& state, size_t index, bool is_dense, Offset known_end_offset) REQUIRES(state.mutex) {
  MendPlan plan = plan_mending(state, index, is_dense);
  plan.known_end_offset = known_end_offset;
  const auto mended = write_mended_segment(state.files, state.folder, plan);
  const bool is_damaged = mended && !mended->damage.empty();
  auto done = is_damaged ? put_in_place(state, index, plan, *mended) : Result<void>();
  if (!done || !is_damaged) remove_mended_files(state.files, state.folder, plan);
  if (!mended) return fail(mended.error());
  if (!done) return fail(done.error());
  return is_damaged;
}

// Whether nothing but an unfinished write follows: no batch after the position holds.
Result<bool> is_torn_tail(Segment& segment, const Segment::Recovered& recovered) {
  const auto file = segment.log_file();
  if (!file) return fail(file.error());
  BatchSalvager salvager(**file, recovered.position, segment.size_bytes(),
                         {.first_offset = recovered.next_offset, .end_offset = kMaxOffset, .is_dense = true});
  const auto batch = salvager.next();
  if (!batch) return fail(batch.error());
  return !*batch;
}

Result<void> cut_torn_tail(LogState& state, Segment& segment, const Segment::Recovered& recovered)
    REQUIRES(state.mutex) {
  state.tell(
      fmt::format("{} has {} bytes after offset {} that are no whole record batch: a write was not finished when "
                  "the broker or the machine stopped; they are cut off",
                  segment.names().log, segment.size_bytes() - recovered.position, recovered.next_offset - 1));
  return segment.cut(recovered.position);
}

// Reads the segment from the offset on, and mends or cuts it. The offset after its last batch.
Result<Offset> recover_segment(LogState& state, size_t index, Offset offset, Offset known_end_offset)
    REQUIRES(state.mutex) {
  const bool is_last = index + 1 == state.segments.size();
  const bool is_dense = !state.may_be_compacted(index);
  const Offset end_offset = is_last ? kMaxOffset : state.segments[index + 1]->base_offset();
  const ProducerStates producers = state.producers;
  const uint64_t bytes_before = state.bytes_since_recovery_point;
  for (bool is_mended = false;; is_mended = true) {
    Segment& segment = *state.segments[index];
    Offset next = offset;
    const bool may_jump = is_mended || !is_dense;
    const auto accept = [&](const RecordBatchHeader& header) REQUIRES(state.mutex) {
      const bool fits = may_jump ? header.base_offset >= next : header.base_offset == next;
      if (state.is_retiring || !fits || header.next_offset() > end_offset) return false;
      next = header.next_offset();
      state.bytes_since_recovery_point += header.size_bytes();
      if (header.has_producer()) state.producers.update(header, -1);
      return true;
    };
    const auto recovered = segment.recover(offset, is_mended, state.config.index_interval_bytes, accept);
    if (state.is_retiring) return fail(ErrorCode::kCancelled, fmt::format("recovery of {} was stopped", state.folder));
    if (!recovered && recovered.error().code != ErrorCode::kCorrupt) return fail(recovered.error());
    const bool may_end_here =
        recovered && (is_mended || state.may_end_early(index) || recovered->next_offset == end_offset);
    if (may_end_here && recovered->is_whole) {
      return recovered->next_offset;
    }
    if (recovered && !recovered->is_whole && is_last) {
      const auto is_torn = is_torn_tail(segment, *recovered);
      if (!is_torn) return fail(is_torn.error());
      if (*is_torn) {
        if (auto done = cut_torn_tail(state, segment, *recovered); !done) return fail(done.error());
        return recovered->next_offset;
      }
    }
    if (is_mended) return fail(ErrorCode::kCorrupt, fmt::format("{} is damaged", segment.names().log));
    state.producers = producers;
    state.bytes_since_recovery_point = bytes_before;
    if (const auto mended = mend(state, index, is_dense, known_end_offset); !mended) return fail(mended.error());
  }
}

// The end of the log where the last segment is missing, or shorter than it was known to be: the offsets are not given
// out again.
Result<void> skip_lost_end(LogState& state, Offset end_offset) REQUIRES(state.mutex) {
  Segment& last = *state.segments.back();
  state.tell(
      fmt::format("{} ends too early: {}", last.names().log, lost_offsets_text(state.log_end_offset, end_offset)));
  const Offset first_offset = std::exchange(state.log_end_offset, end_offset);
  if (fits_into(last, end_offset)) {
    return append_gap(last, first_offset, end_offset, state.config.index_interval_bytes);
  }
  return add_segment(state, last.modified_ms());
}

Result<void> recover(LogState& state, const LogFolder& contents) REQUIRES(state.mutex) {
  const auto point = load_snapshot(state, contents.newest_snapshot);
  Offset next = std::max(point.value_or(Offset{0}), state.segments.front()->base_offset());
  state.recovery_point = state.flushed_offset = next;
  // A snapshot says by its name how far the log was on the disk, whether it can be read or not.
  Offset known_end = contents.newest_snapshot.value_or(Offset{0});
  if (!contents.missing_logs.empty()) known_end = std::max(known_end, contents.missing_logs.back());
  const size_t first = state.segment_of(next);
  for (size_t i = first; i < state.segments.size(); ++i) {
    if (i > first) {
      state.segments[i - 1]->seal();
      next = state.segments[i]->base_offset();
    }
    const auto reached = recover_segment(state, i, next, known_end);
    if (!reached) return fail(reached.error());
    next = *reached;
  }
  state.log_end_offset = next;
  if (next < known_end) {
    if (auto done = skip_lost_end(state, known_end); !done) return done;
  }
  // An empty segment may be newer than the last sync of the folder, though no record is.
  state.is_folder_unsynced = state.log_end_offset > state.recovery_point || state.segments.back()->size_bytes() == 0;
  return {};
}

// Of a log that has lost all its segments.
Result<void> begin_after(LogState& state, Offset end_offset) REQUIRES(state.mutex) {
  state.tell(fmt::format("{} has no segments any more: {}", state.folder, lost_offsets_text(Offset{0}, end_offset)));
  state.log_start_offset = state.log_end_offset = end_offset;
  state.recovery_point = state.flushed_offset = end_offset;
  return add_segment(state, 0);
}

// In earlier versions compaction left segments empty, but then their indexes are, too.
Result<void> mend_emptied_segments(LogState& state, const LogFolder& contents) REQUIRES(state.mutex) {
  for (const LogFolder::Log& log : contents.logs) {
    const size_t index = state.segment_of(log.base_offset);
    const bool may_be_empty = state.may_end_early(index) && !log.has_index_entries;
    if (log.size_bytes > 0 || may_be_empty || index + 1 == state.segments.size()) continue;
    if (const auto mended = mend(state, index, true, Offset{0}); !mended) return fail(mended.error());
  }
  return {};
}

}  // namespace

Result<void> open_log(LogState& state) {
  const auto contents = LogFolder::look_into(state.files.file_system(), state.folder);
  if (!contents) return fail(contents.error());
  if (contents->logs.empty() && !contents->newest_snapshot && contents->missing_logs.empty()) return {};
  const auto noted = check_topic_id(state);
  if (!noted) return fail(noted.error());
  // Only a recovery point tells that whoever made the folder had the time to sync its parent, too.
  state.is_folder_new = !contents->newest_snapshot;
  take_compaction_from_checkpoint(state, *contents, *noted);
  for (const LogFolder::Log& log : contents->logs) {
    state.segments.push_back(std::make_shared<Segment>(state.files, segment_files(state.folder, log.base_offset),
                                                       log.base_offset, log.size_bytes, log.modified_ms));
  }
  if (auto done = replace_missing_segments(state, *contents); !done) return done;
  if (state.segments.empty()) {
    const Offset missing = contents->missing_logs.empty() ? Offset{0} : contents->missing_logs.back();
    return begin_after(state, std::max(missing, contents->newest_snapshot.value_or(Offset{0})));
  }
  if (auto done = mend_emptied_segments(state, *contents); !done) return done;
  if (auto done = recover(state, *contents); !done) return done;
  const Offset deleted_to = contents->checkpoint ? contents->checkpoint->log_start_offset : Offset{0};
  state.log_start_offset = std::max(state.segments.front()->base_offset(), deleted_to);
  state.log_start_offset = std::min(state.log_start_offset, state.log_end_offset);
  state.is_checkpoint_unsynced = deleted_to > Offset{0};
  auto renewed = renew_partition_files(state, *contents, *noted);
  // Without room, the next opening tries again: what is there can be read meanwhile.
  return renewed || renewed.error().code != ErrorCode::kUnavailable ? renewed : Result<void>();
}

}  // namespace omashu::broker
