// The file log.checkpoint in a partition's folder: what cannot be told from the segments.
//
//   version: 1
//   log_start_offset: 17       records before it were deleted, though their segment is still there
//   first_dirty_offset: 4200   compaction has seen everything before it
//   compacted_to: 5000         no compaction has begun that could change a segment from there on
//   open_ended_to: 0           segments up to there may end before the next one begins, though nothing is lost
//   crc: 1c291ca3              text_checksum.h
//
// Version 0 has neither compacted_to nor open_ended_to. Whether a log has the file is in its partition.metadata;
// partition_files.h reads and replaces both.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/offset.h"
#include "broker/log/file_system.h"

namespace omashu::broker {

inline constexpr std::string_view kLogCheckpointFile = "log.checkpoint";

struct LogCheckpoint {
  Offset log_start_offset{0};
  Offset first_dirty_offset{0};
  // Not known in files of version 0.
  std::optional<Offset> compacted_to = {};
  Offset open_ended_to{0};

  bool operator==(const LogCheckpoint&) const = default;
};

std::string log_checkpoint_text(const LogCheckpoint& checkpoint);

// Nothing where it is not the whole text of such a file.
std::optional<LogCheckpoint> parse_log_checkpoint(std::string_view bytes);

// Replaces the file, which is on the disk afterwards.
Result<void> write_log_checkpoint(FileSystem& file_system, const std::string& folder, const LogCheckpoint& checkpoint);

}  // namespace omashu::broker
