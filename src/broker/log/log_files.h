// The names of the files in a partition's folder.
//
//   00000000000000000042.log .index .timeindex          a segment; the number is its base offset
//   00000000000000000042.snapshot                       the recovery point at this offset
//   00000000000000000042-00000000000000000099.log…      what compaction makes of the segments from offset 42 to 99:
//     ….cleaned                                           while it is being written
//     ….mended                                            the same of what makes one segment whole again, called A-A
//     ….swap                                              once it is whole: it stands for them, whether they are there
//     or not
//   ….deleted, ….new                                    of no use any more, or not yet

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/offset.h"

namespace omashu::broker {

// Paths.
struct SegmentFiles {
  std::string log, offset_index, time_index;

  SegmentFiles with(std::string_view suffix) const;
};

SegmentFiles segment_files(const std::string& folder, Offset base_offset);
SegmentFiles compacted_files(const std::string& folder, Offset base_offset, Offset end_offset);  // without a suffix
std::string snapshot_path(const std::string& folder, Offset offset);

inline constexpr std::string_view kCleanedSuffix = ".cleaned";
inline constexpr std::string_view kMendedSuffix = ".mended";
inline constexpr std::string_view kSwapSuffix = ".swap";
inline constexpr std::string_view kDeletedSuffix = ".deleted";

struct LogFileName {
  enum class Kind { kLog, kIndex, kSnapshot, kSwapLog, kSwapIndex, kLeftover };
  Kind kind = Kind::kLeftover;
  Offset base_offset{0};
  Offset end_offset{0};  // of kSwapLog and kSwapIndex
};

// Nothing for a name that is not of the forms above.
std::optional<LogFileName> parse_log_file_name(std::string_view name);

}  // namespace omashu::broker
