// How far a file of a sink is complete: its length, and the positions up to which it holds the topics' records. Kept
// beside it, in PATH.positions, and replaced as a whole:
//
//   {"length":1234,"positions":{"status-download-0":42}}

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "omashu/result.h"
#include "sink/sink.h"

namespace omashu::sink {

struct FilePositions {
  int64_t length = 0;
  Positions positions;

  bool operator==(const FilePositions&) const = default;
};

// At most so many bytes are read: 100,000 partitions have room.
inline constexpr size_t kMaxPositionsBytes = 32 << 20;

std::string to_text(const FilePositions& positions);
Result<FilePositions> parse_file_positions(std::string_view text);

}  // namespace omashu::sink
