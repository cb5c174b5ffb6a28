#include "broker/log/active_segment.h"

#include <algorithm>
#include <limits>

#include "broker/log/log_files.h"
#include "broker/log/log_recovery.h"

namespace omashu::broker {

namespace {

// The last batch's offsets relative to the segment's base have to fit into 31 bits.
constexpr int64_t kMaxRelativeOffset = std::numeric_limits<int32_t>::max();

bool has_room_for(const Segment& active, const RecordBatchHeader& header, int32_t segment_bytes) {
  if (active.size_bytes() == 0) return true;
  return active.size_bytes() + header.size_bytes() <= static_cast<uint64_t>(segment_bytes) &&
         header.last_offset() - active.base_offset() <= kMaxRelativeOffset;
}

}  // namespace

Result<void> prepare_active_segment(LogState& state, const RecordBatchHeader& header, int64_t now_ms) {
  if (state.segments.empty()) {
    if (auto done = state.files.file_system().create_folder(state.folder); !done) return done;
    state.is_folder_new = true;
    if (auto done = check_topic_id(state); !done) return done;
  }
  const bool has_room =
      !state.segments.empty() && has_room_for(*state.segments.back(), header, state.config.segment_bytes);
  const auto is_old = has_room ? is_active_segment_old(state, now_ms) : true;
  if (!is_old) return fail(is_old.error());
  if (*is_old) {
    if (auto done = add_segment(state, now_ms); !done) return done;
  }
  if (state.active_since_ms < 0) state.active_since_ms = now_ms;
  return {};
}

Result<bool> is_active_segment_old(LogState& state, int64_t now_ms) {
  Segment& active = *state.segments.back();
  if (active.size_bytes() == 0) return false;
  if (state.active_since_ms < 0) {  // begun before the log was opened
    const auto first = active.find(active.base_offset());
    if (!first) return fail(first.error());
    const int64_t timestamp = *first ? (*first)->header.max_timestamp : -1;
    state.active_since_ms = timestamp < 0 ? now_ms : std::min(timestamp, now_ms);
  }
  // What has to be compacted by a certain time has to be in a segment that is complete by then.
  const int64_t lag_ms = state.config.is_compacted ? state.config.max_compaction_lag_ms : state.config.segment_ms;
  const int64_t max_ms = std::min(state.config.segment_ms, lag_ms);
  return now_ms - state.active_since_ms >= max_ms;
}

Result<void> add_segment(LogState& state, int64_t now_ms) {
  const int64_t base_offset = state.log_end_offset;
  auto segment =
      std::make_shared<Segment>(state.files, segment_files(state.folder, base_offset), base_offset, 0, now_ms);
  if (auto done = segment->create(); !done) return done;
  if (!state.segments.empty()) state.segments.back()->seal();
  state.segments.push_back(std::move(segment));
  state.active_since_ms = -1;
  state.is_folder_unsynced = true;
  return {};
}

}  // namespace omashu::broker
