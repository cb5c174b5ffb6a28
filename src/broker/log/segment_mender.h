// Puts a segment without damage in the place of a damaged one: the batches that hold are kept, each lost stretch of
// offsets gets a batch without records, the damaged bytes are set aside, and each damage is reported.
//
// The new segment is written beside the old one, as .mended, and takes its place as a compacted one does.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/offset.h"
#include "broker/log/batch_salvager.h"
#include "broker/log/compaction.h"
#include "broker/log/log_state.h"

namespace omashu::broker {

// A segment holds offsets of a range of 31 bits.
bool fits_into(const Segment& segment, Offset end_offset);

// Appends a batch without records that stands for the lost offsets. Nothing where they do not fit into the segment: who
// reads there finds the next one.
Result<void> append_gap(Segment& to, Offset first_offset, Offset end_offset, int32_t index_interval_bytes);

// "the offsets 17 to 22 are lost".
std::string lost_offsets_text(Offset first_offset, Offset end_offset);

struct MendPlan {
  SealedSegment segment;
  BatchSalvager::Bounds bounds;
  bool must_reach_end = false;  // the last batch ends where the next segment begins
  Offset known_end_offset{0};   // of the log's last segment, as far as it was on the disk
  int32_t index_interval_bytes = 0;
};

struct MendedSegment {
  uint64_t size_bytes = 0;
  std::vector<BatchSalvager::Damage> damage;  // none: the segment is whole, and what was written is of no use
  bool is_end_open = false;                   // of the last damage: more may have been lost than up to its end offset
};

// Of a segment whose batches follow each other without gaps (`is_dense`), because it was never compacted. The last
// segment of the log may end anywhere.
MendPlan plan_mending(const LogState& state, size_t index, bool is_dense) REQUIRES(state.mutex);

// Takes as long as reading and writing the segment. What is written is on the disk afterwards.
Result<MendedSegment> write_mended_segment(OpenFiles& files, const std::string& folder, const MendPlan& plan);

// Sets aside what is damaged, puts the new segment in the place of the old one, and reports.
Result<void> put_in_place(LogState& state, size_t index, const MendPlan& plan, const MendedSegment& mended)
    REQUIRES(state.mutex);

void remove_mended_files(OpenFiles& files, const std::string& folder, const MendPlan& plan);

}  // namespace omashu::broker
