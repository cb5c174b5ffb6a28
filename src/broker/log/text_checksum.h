// The last line of the small text files of a partition's folder: the CRC-32C of what is before it.
//
//   crc: 1c291ca3
//
// Files that were written without it are read, too.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu::broker {

std::string with_checksum(std::string text);

// The text before the checksum, or all of it where it has none. Nothing where the checksum is wrong.
std::optional<std::string_view> without_checksum(std::string_view text);

}  // namespace omashu::broker
