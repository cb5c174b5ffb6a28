#include "broker/log/active_segment.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "broker/log/log_files.h"
#include "broker/log/partition_files.h"

namespace omashu::broker {

namespace {

// The last batch's offsets relative to the segment's base have to fit into 31 bits.
constexpr int64_t kMaxRelativeOffset = std::numeric_limits<int32_t>::max();

// A batch may bring an entry to each index.
Result<bool> have_indexes_room(Segment& active, int32_t segment_index_bytes) {
  for (SparseIndex* index : {&active.offset_index(), &active.time_index()}) {
    const auto size_bytes = index->size_bytes();
    if (!size_bytes) return fail(size_bytes.error());
    if (*size_bytes + index->entry_bytes() > static_cast<uint64_t>(segment_index_bytes)) return false;
  }
  return true;
}

Result<bool> has_room_for(Segment& active, const RecordBatchHeader& header, const LogConfig& config) {
  if (active.size_bytes() == 0) return true;
  const bool has_room = active.size_bytes() + header.size_bytes() <= static_cast<uint64_t>(config.segment_bytes) &&
                        header.last_offset() - active.base_offset() <= kMaxRelativeOffset;
  return has_room ? have_indexes_room(active, config.segment_index_bytes) : false;
}

// How much earlier than the others this segment is closed: the same each time that it is asked.
int64_t jitter_ms(const LogState& state, const Segment& active, int64_t max_ms) REQUIRES(state.mutex) {
  const int64_t bound_ms = std::min(state.config.segment_jitter_ms, max_ms);
  if (bound_ms <= 0) return 0;
  const size_t hash = std::hash<std::string>{}(active.names().log);
  return static_cast<int64_t>(hash % static_cast<uint64_t>(bound_ms));
}

}  // namespace

Result<void> prepare_active_segment(LogState& state, const RecordBatchHeader& header, int64_t now_ms) {
  if (state.segments.empty()) {
    if (auto done = state.files.file_system().create_folder(state.folder); !done) return done;
    state.is_folder_new = true;
    if (auto done = claim_folder(state); !done) return done;
  }
  const auto has_room = state.segments.empty() ? false : has_room_for(*state.segments.back(), header, state.config);
  if (!has_room) return fail(has_room.error());
  const auto is_old = *has_room ? is_active_segment_old(state, now_ms) : true;
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
    // Damage is mended by the next maintenance, and keeps nothing from being appended.
    if (!first && first.error().code != ErrorCode::kCorrupt) return fail(first.error());
    const int64_t timestamp = first && *first ? (*first)->header.max_timestamp : -1;
    state.active_since_ms = timestamp < 0 ? now_ms : std::min(timestamp, now_ms);
  }
  // What has to be compacted by a certain time has to be in a segment that is complete by then.
  const int64_t lag_ms = state.config.is_compacted ? state.config.max_compaction_lag_ms : state.config.segment_ms;
  const int64_t max_ms = std::min(state.config.segment_ms, lag_ms);
  return now_ms - state.active_since_ms >= max_ms - jitter_ms(state, active, max_ms);
}

Result<void> add_segment(LogState& state, int64_t now_ms) {
  const Offset base_offset = state.log_end_offset;
  if (!state.segments.empty()) {
    if (auto done = state.segments.back()->cut_torn_tail(); !done) return done;
  }
  auto segment =
      std::make_shared<Segment>(state.files, segment_files(state.folder, base_offset), base_offset, 0, now_ms);
  if (auto done = segment->create(); !done) {
    // The next append may fit into the segment before, and an empty one must not say then that the log ends here.
    if (auto removed = segment->remove_files(); !removed) return fail(ErrorCode::kIo, removed.error().message);
    state.is_folder_unsynced = true;
    return done;
  }
  if (!state.segments.empty()) state.segments.back()->seal();
  state.segments.push_back(std::move(segment));
  state.active_since_ms = -1;
  state.is_folder_unsynced = true;
  return {};
}

}  // namespace omashu::broker
