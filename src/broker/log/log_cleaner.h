// Compaction of a partition's log: when, of what, and how the result takes its place. What is read and written is in
// compaction.h.

#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/offset.h"
#include "broker/log/compaction.h"
#include "broker/log/log_flusher.h"
#include "broker/log/log_results.h"
#include "broker/log/log_state.h"

namespace omashu::broker {

class LogCleaner {
 public:
  LogCleaner(LogState& state, LogFlusher& flusher) : state_(state), flusher_(flusher) {}

  Result<CompactionNeed> compaction_need(int64_t now_ms) EXCLUDES(state_.mutex);
  Result<CompactionResult> compact(const CompactionOptions& options)
      EXCLUDES(state_.compaction_mutex, state_.maintenance_mutex, state_.mutex);

 private:
  // What a compaction works on.
  struct CompactionPlan {
    std::vector<SealedSegment> segments;  // all that may be compacted, from the first one of the log on
    Offset first_dirty_offset{0};
    LogConfig config;
    std::unordered_set<Offset> kept_last_offsets;
    Offset newest_offset = kNoOffset;

    bool has_dirty() const { return !segments.empty() && segments.back().end_offset > first_dirty_offset; }
  };

  Result<CompactionPlan> plan_compaction(int64_t now_ms) REQUIRES(state_.mutex);
  Result<CompactionPlan> plan_compaction_if_writable(int64_t now_ms) EXCLUDES(state_.mutex);
  Result<CompactionResult> compact(const CompactionPlan& plan, const CompactionOptions& options)
      REQUIRES(state_.compaction_mutex) EXCLUDES(state_.mutex);
  Result<void> replace_segments(std::span<const SealedSegment> group, const Compaction::Rewritten& by)
      EXCLUDES(state_.maintenance_mutex, state_.mutex);
  Result<void> check_still_there(std::span<const SealedSegment> group) EXCLUDES(state_.mutex);
  Result<void> take_over(std::span<const SealedSegment> group, uint64_t size_bytes) EXCLUDES(state_.mutex);
  // On the disk, before segments may be replaced up to there.
  Result<void> set_compacted_to(Offset offset) EXCLUDES(state_.maintenance_mutex, state_.mutex);
  Result<void> set_first_dirty_offset(Offset offset) EXCLUDES(state_.maintenance_mutex, state_.mutex);
  void remove_cleaned_files(std::span<const SealedSegment> group);

  LogState& state_;
  LogFlusher& flusher_;
};

}  // namespace omashu::broker
