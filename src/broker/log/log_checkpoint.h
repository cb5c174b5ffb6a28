// The file log.checkpoint in a partition's folder: what cannot be told from the segments.
//
//   version: 0
//   log_start_offset: 17       records before it were deleted, though their segment is still there
//   first_dirty_offset: 4200   compaction has seen everything before it
//   crc: 1c291ca3              text_checksum.h
//
// Without it the log starts with its first segment and is dirty from there.

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
};

std::string log_checkpoint_text(const LogCheckpoint& checkpoint);

// Nothing where it is not the whole text of such a file.
std::optional<LogCheckpoint> parse_log_checkpoint(std::string_view bytes);

// Replaces the file, which is on the disk afterwards.
Result<void> write_log_checkpoint(FileSystem& file_system, const std::string& folder, const LogCheckpoint& checkpoint);

}  // namespace omashu::broker
