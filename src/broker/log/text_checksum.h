// What the small text files of the data folder end with: the CRC-32C of the text before it. Files that were written
// without it are read, too.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu::broker {

// In files of lines, the last line:
//
//   crc: 1c291ca3

std::string with_checksum(std::string text);

// The text before the checksum, or all of it where it has none. Nothing where the checksum is wrong.
std::optional<std::string_view> without_checksum(std::string_view text);

// In files of JSON, the last member of the object:
//
//   …,"crc32c":"1c291ca3"}

inline constexpr std::string_view kJsonChecksum = "crc32c";

// `text` is an object with at least one member, without its closing brace.
std::string with_json_checksum(std::string text);

// What is wrong with the checksum of a whole file that has one; nothing where it is right.
std::optional<std::string> json_checksum_problem(std::string_view text);

}  // namespace omashu::broker
