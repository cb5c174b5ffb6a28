// The long work of compaction, on segments that nobody writes to any more: first the latest offset of each key in what
// is dirty, then each segment again without the records that have a later one. Needs no lock.
//
// Errors: kCancelled where `is_stopped` said so; kNotFound where a segment is gone meanwhile; kCorrupt where a batch
// does not pass its CRC, or a segment ends too early (nothing is written from it).

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/offset.h"
#include "broker/log/batch_cleaner.h"
#include "broker/log/log_files.h"
#include "broker/log/offset_map.h"
#include "broker/log/open_files.h"
#include "broker/log/segment.h"
#include "omashu/result.h"

namespace omashu::broker {

// A segment as it was when compaction began.
struct SealedSegment {
  std::shared_ptr<Segment> origin;  // which it is in the log
  SegmentFiles names;
  Offset base_offset{0};
  Offset end_offset{0};  // the base offset of the next one
  uint64_t size_bytes = 0;
  int64_t modified_ms = 0;
  bool may_end_early = false;
};

class Compaction {
 public:
  // Everything is kept by reference.
  Compaction(OpenFiles& files, const std::string& folder, const std::atomic<bool>& is_stopped)
      : files_(files), folder_(folder), is_stopped_(is_stopped) {}

  // Puts the keys from `from_offset` on into the map, as far as it has room, and gives the offset where it had none any
  // more: the end of the last segment otherwise.
  Result<Offset> map_keys(std::span<const SealedSegment> segments, Offset from_offset, OffsetMap& map) const;

  struct Rewritten {
    uint64_t size_bytes = 0;
    bool is_changed = false;
  };
  // Writes what stays of the segments into one, whose files are called .cleaned and are on the disk afterwards. Its
  // last batch ends where the last of the segments did, so that one that ends earlier is known to be damaged: the rules
  // must keep it, and where the segment has none, a batch without records is added.
  Result<Rewritten> rewrite(std::span<const SealedSegment> segments, const CleaningRules& rules,
                            int32_t index_interval_bytes) const;

 private:
  template <class Visit>
  Result<void> for_each_batch(const SealedSegment& segment, Visit&& visit) const;

  OpenFiles& files_;
  const std::string& folder_;
  const std::atomic<bool>& is_stopped_;
};

// Neighbours that fit into one segment of so many bytes, as they are, make a group: it becomes one segment.
std::vector<std::span<const SealedSegment>> group_segments(std::span<const SealedSegment> segments,
                                                           uint64_t segment_bytes);

}  // namespace omashu::broker
