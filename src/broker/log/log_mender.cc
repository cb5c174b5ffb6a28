#include "broker/log/log_mender.h"

#include <algorithm>
#include <optional>

#include "broker/log/active_segment.h"
#include "broker/log/segment_mender.h"

namespace omashu::broker {

namespace {

// Of the first damaged segment; nothing where there is none. The active one is closed before.
Result<std::optional<MendPlan>> plan_next(LogState& state) EXCLUDES(state.mutex) {
  const MutexLock lock(state.mutex);
  if (auto ready = state.check_writable(); !ready) return fail(ready.error());
  const auto damaged = std::ranges::find_if(state.segments, [](const auto& segment) { return segment->is_damaged(); });
  if (damaged == state.segments.end()) return std::nullopt;
  const auto index = static_cast<size_t>(damaged - state.segments.begin());
  if (index + 1 == state.segments.size()) {
    const int64_t modified_ms = (*damaged)->modified_ms();
    if (auto done = add_segment(state, modified_ms); !done) return fail(done.error());
    return plan_mending(state, index, true);  // the active segment was never compacted
  }
  return plan_mending(state, index, !state.may_be_compacted(index));
}

Result<void> take_over(LogState& state, const MendPlan& plan, const MendedSegment& mended) EXCLUDES(state.mutex) {
  const MutexLock lock(state.mutex);
  if (auto ready = state.check_writable(); !ready) return ready;
  const auto found = std::ranges::find(state.segments, plan.segment.origin);
  if (found == state.segments.end()) return {};  // retention or compaction was faster
  if (mended.damage.empty()) {
    (*found)->set_mended();  // it is whole after all
    return {};
  }
  return put_in_place(state, static_cast<size_t>(found - state.segments.begin()), plan, mended);
}

}  // namespace

Result<bool> mend_damaged_segments(LogState& state) {
  const MutexLock no_maintenance(state.maintenance_mutex);
  return mend_during_maintenance(state);
}

Result<bool> mend_during_maintenance(LogState& state) {
  bool was_any_mended = false;
  for (;;) {
    const auto plan = plan_next(state);
    if (!plan) return fail(plan.error());
    if (!*plan) return was_any_mended;
    const auto mended = write_mended_segment(state.files, state.folder, **plan);
    auto done = mended ? take_over(state, **plan, *mended) : Result<void>(fail(mended.error()));
    if (!done || mended->damage.empty()) remove_mended_files(state.files, state.folder, **plan);
    if (!done) return fail(done.error());
    was_any_mended |= !mended->damage.empty();
  }
}

}  // namespace omashu::broker
