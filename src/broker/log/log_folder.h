// A partition's folder: what is in it when it is opened, once what a crash left half done is finished or removed.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/offset.h"
#include "broker/log/file_system.h"
#include "broker/log/log_checkpoint.h"
#include "broker/log/log_files.h"
#include "omashu/result.h"

namespace omashu::broker {

struct LogFolder {
  struct Log {
    Offset base_offset{0};
    uint64_t size_bytes = 0;
    int64_t modified_ms = 0;
    bool has_index_entries = false;
  };
  std::vector<Log> logs;                    // by base offset; none where the folder is not there
  std::optional<Offset> newest_snapshot;    // older ones are removed: what they speak of may have been compacted since
  std::vector<Offset> missing_logs;         // by base offset: an index of the segment is there, its .log is not
  std::optional<LogCheckpoint> checkpoint;  // nothing where it is not there, or damaged
  bool is_checkpoint_damaged = false;       // it is there, and is not what was written

  static Result<LogFolder> look_into(FileSystem& file_system, const std::string& folder);
};

// Renames the files of a segment that was written anew, and is on the disk, to the names of a swap, which are on the
// disk afterwards. Where that fails, the swap is taken back; kIo where it cannot be.
Result<void> begin_swap(FileSystem& file_system, const std::string& folder, const SegmentFiles& written,
                        const SegmentFiles& swap);

// Puts the compacted segment that is in the folder as .swap in place of those from `base_offset` to `end_offset`, whose
// other base offsets are given; can be repeated where it was cut off. Their files are called .deleted afterwards.
Result<void> finish_swap(FileSystem& file_system, const std::string& folder, Offset base_offset, Offset end_offset,
                         const std::vector<Offset>& other_base_offsets);

}  // namespace omashu::broker
