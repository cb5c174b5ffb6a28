#include "broker/log/log_cleaner.h"

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/log_folder.h"
#include "broker/log/partition_files.h"

namespace omashu::broker {

Result<CompactionNeed> LogCleaner::compaction_need(int64_t now_ms) {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.check_writable(); !ready) return fail(ready.error());
  if (!state_.config.is_compacted) return CompactionNeed{};
  if (state_.compaction_failure) return fail(*state_.compaction_failure);
  const auto plan = plan_compaction(now_ms);
  if (!plan) return fail(plan.error());
  if (!plan->has_dirty()) return CompactionNeed{};
  uint64_t clean_bytes = 0;
  uint64_t dirty_bytes = 0;
  for (const SealedSegment& segment : plan->segments) {
    (segment.end_offset <= plan->first_dirty_offset ? clean_bytes : dirty_bytes) += segment.size_bytes;
  }
  if (dirty_bytes == 0) return CompactionNeed{};
  const double ratio = static_cast<double>(dirty_bytes) / static_cast<double>(clean_bytes + dirty_bytes);
  if (ratio > state_.config.min_cleanable_dirty_ratio) return CompactionNeed{.is_due = true, .dirty_ratio = ratio};
  const auto first = state_.segments[state_.segment_of(plan->first_dirty_offset)]->find(plan->first_dirty_offset);
  if (!first) return fail(first.error());
  // Clients' timestamps may be any number; now_ms and the lag are not below 0.
  const bool is_late = *first && (*first)->header.max_timestamp < now_ms - state_.config.max_compaction_lag_ms;
  return CompactionNeed{.is_due = is_late, .dirty_ratio = ratio};
}

Result<LogCleaner::CompactionPlan> LogCleaner::plan_compaction(int64_t now_ms) {
  CompactionPlan plan{
      .segments = {},
      .first_dirty_offset = std::clamp(state_.first_dirty_offset, state_.log_start_offset, state_.log_end_offset),
      .config = state_.config,
      .kept_last_offsets = state_.producers.last_offsets(),
      .newest_offset = state_.log_end_offset - 1};
  plan.kept_last_offsets.insert(state_.log_end_offset - 1);
  for (size_t i = 0; i + 1 < state_.segments.size(); ++i) {
    Segment& segment = *state_.segments[i];
    const Offset end_offset = state_.end_of_segment(i);
    if (end_offset > state_.recovery_point) break;  // recovery counts on what comes after it as it was written
    if (state_.config.min_compaction_lag_ms > 0 && end_offset > plan.first_dirty_offset) {
      const auto max_timestamp = segment.max_timestamp();
      if (!max_timestamp) return fail(max_timestamp.error());
      if (*max_timestamp > now_ms - state_.config.min_compaction_lag_ms) break;
    }
    plan.segments.push_back({.origin = state_.segments[i],
                             .names = segment.names(),
                             .base_offset = segment.base_offset(),
                             .end_offset = end_offset,
                             .size_bytes = segment.size_bytes(),
                             .modified_ms = segment.modified_ms(),
                             .may_end_early = state_.may_end_early(i)});
  }
  return plan;
}

Result<LogCleaner::CompactionPlan> LogCleaner::plan_compaction_if_writable(int64_t now_ms) {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.check_writable(); !ready) return fail(ready.error());
  return plan_compaction(now_ms);
}

Result<CompactionResult> LogCleaner::compact(const CompactionOptions& options) {
  const MutexLock one_at_a_time(state_.compaction_mutex);
  if (auto done = flusher_.make_recovery_point(); !done) return fail(done.error());
  const auto plan = plan_compaction_if_writable(options.now_ms);
  if (!plan) return fail(plan.error());
  if (!plan->has_dirty()) return CompactionResult{};
  auto result = compact(*plan, options);
  if (!result && (result.error().code == ErrorCode::kCorrupt || result.error().code == ErrorCode::kIo)) {
    const MutexLock lock(state_.mutex);
    state_.compaction_failure = result.error();
  }
  return result;
}

Result<CompactionResult> LogCleaner::compact(const CompactionPlan& plan, const CompactionOptions& options) {
  if (auto done = set_compacted_to(plan.segments.back().end_offset); !done) return fail(done.error());
  const Compaction compaction(state_.files, state_.folder, state_.is_stopping);
  OffsetMap map(options.max_map_bytes);
  const auto end_offset = compaction.map_keys(plan.segments, plan.first_dirty_offset, map);
  if (!end_offset) return fail(end_offset.error());
  auto kept_last_offsets = plan.kept_last_offsets;
  const CleaningRules rules{.latest_offsets = map,
                            .now_ms = options.now_ms,
                            .delete_retention_ms = plan.config.delete_retention_ms,
                            .kept_last_offsets = kept_last_offsets,
                            .newest_offset = plan.newest_offset};
  const auto after = std::ranges::lower_bound(plan.segments, *end_offset, {}, &SealedSegment::base_offset);
  CompactionResult result{.is_complete = *end_offset == plan.segments.back().end_offset};
  for (const auto group :
       group_segments({plan.segments.begin(), after}, static_cast<uint64_t>(plan.config.segment_bytes))) {
    for (const SealedSegment& segment : group) result.bytes_before += segment.size_bytes;
    kept_last_offsets.insert(group.back().end_offset - 1);
    const auto rewritten = compaction.rewrite(group, rules, plan.config.index_interval_bytes);
    auto done = rewritten ? replace_segments(group, *rewritten) : Result<void>(fail(rewritten.error()));
    if (!done) {
      remove_cleaned_files(group);
      return fail(done.error());
    }
    result.bytes_after += rewritten->size_bytes;
  }
  if (auto done = set_first_dirty_offset(*end_offset); !done) return fail(done.error());
  return result;
}

Result<void> LogCleaner::set_compacted_to(Offset offset) {
  const MutexLock no_maintenance(state_.maintenance_mutex);
  LogCheckpoint checkpoint;
  {
    const MutexLock lock(state_.mutex);
    if (offset <= state_.compacted_to) return {};
    checkpoint = state_.checkpoint();
    checkpoint.compacted_to = offset;
  }
  if (auto done = replace_checkpoint(state_, checkpoint); !done) return done;
  const MutexLock lock(state_.mutex);
  state_.compacted_to = offset;
  return {};
}

Result<void> LogCleaner::set_first_dirty_offset(Offset offset) {
  const MutexLock no_maintenance(state_.maintenance_mutex);
  LogCheckpoint checkpoint;
  {
    const MutexLock lock(state_.mutex);
    state_.first_dirty_offset = offset;
    if (offset >= state_.open_ended_to) state_.open_ended_to = Offset{0};  // all of them were written anew
    checkpoint = state_.checkpoint();
  }
  return replace_checkpoint(state_, checkpoint);
}

void LogCleaner::remove_cleaned_files(std::span<const SealedSegment> group) {
  const SegmentFiles cleaned =
      compacted_files(state_.folder, group.front().base_offset, group.back().end_offset).with(kCleanedSuffix);
  // What remains is removed when the log is opened the next time.
  for (const std::string* path : {&cleaned.offset_index, &cleaned.time_index, &cleaned.log}) {
    state_.files.forget(*path);
    (void)state_.files.file_system().remove_file(*path);
  }
}

Result<void> LogCleaner::replace_segments(std::span<const SealedSegment> group, const Compaction::Rewritten& by) {
  if (!by.is_changed) {
    remove_cleaned_files(group);
    return {};
  }
  const MutexLock no_maintenance(state_.maintenance_mutex);
  if (auto done = check_still_there(group); !done) return done;
  FileSystem& file_system = state_.files.file_system();
  const SegmentFiles compacted = compacted_files(state_.folder, group.front().base_offset, group.back().end_offset);
  const SegmentFiles cleaned = compacted.with(kCleanedSuffix);
  auto begun = begin_swap(file_system, state_.folder, cleaned, compacted.with(kSwapSuffix));
  if (!begun) {
    const MutexLock lock(state_.mutex);
    if (begun.error().code == ErrorCode::kIo) state_.end_writing(begun.error());
    return begun;
  }
  if (auto done = take_over(group, by.size_bytes); !done) return done;
  for (const SealedSegment& old : group.subspan(1)) {
    const SegmentFiles deleted = old.names.with(kDeletedSuffix);
    for (const std::string* path : {&deleted.offset_index, &deleted.time_index, &deleted.log}) {
      if (auto done = file_system.remove_file(*path); !done) return done;
    }
  }
  return file_system.sync_folder(state_.folder);
}

// Retention may have removed some of them, or the topic; or one was mended.
Result<void> LogCleaner::check_still_there(std::span<const SealedSegment> group) {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.check_writable(); !ready) return ready;
  for (const SealedSegment& segment : group) {
    if (std::ranges::find(state_.segments, segment.origin) != state_.segments.end()) continue;
    return fail(ErrorCode::kNotFound, fmt::format("{} was replaced while it was compacted", segment.names.log));
  }
  return {};
}

Result<void> LogCleaner::take_over(std::span<const SealedSegment> group, uint64_t size_bytes) {
  std::vector<Offset> others;
  int64_t modified_ms = 0;
  for (const SealedSegment& old : group) {
    if (&old != &group.front()) others.push_back(old.base_offset);
    modified_ms = std::max(modified_ms, old.modified_ms);
  }
  const Offset base_offset = group.front().base_offset;
  const MutexLock lock(state_.mutex);
  auto done = finish_swap(state_.files.file_system(), state_.folder, base_offset, group.back().end_offset, others);
  if (!done) {
    state_.end_until_reopened(done.error());
    return done;
  }
  const auto first = state_.segments.begin() + static_cast<ptrdiff_t>(state_.segment_of(base_offset));
  for (auto old = first; old != first + static_cast<ptrdiff_t>(group.size()); ++old) (*old)->forget_files();
  *first = std::make_shared<Segment>(state_.files, group.front().names, base_offset, size_bytes, modified_ms);
  (*first)->set_verified(0, size_bytes);
  state_.segments.erase(first + 1, first + static_cast<ptrdiff_t>(group.size()));
  return {};
}

}  // namespace omashu::broker
