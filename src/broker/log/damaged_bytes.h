// Damaged bytes of a log's file are set aside, in the folder `damaged` beside the partition's own, before the file is
// mended: DATA/damaged/TOPIC-PARTITION.FILE.POSITION, with a number behind it where the name is taken.

#pragma once

#include <cstdint>
#include <string>

#include "broker/log/file_system.h"
#include "omashu/result.h"

namespace omashu::broker {

inline constexpr std::string_view kDamagedFolder = "damaged";

// Copies the bytes from `begin` to `end`, onto the disk. The path of the copy.
Result<std::string> set_aside(FileSystem& file_system, const std::string& path, const File& file, uint64_t begin,
                              uint64_t end);

}  // namespace omashu::broker
