// The variable-length integers inside records: seven bits a byte, the lowest first, zig-zag for the sign. At most 5
// bytes for 32 bits, 10 for 64.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace omashu::broker {

// Takes the number off the front of `bytes`; nothing where they end before it does or it is longer than it may be.
std::optional<int64_t> take_varlong(std::string_view& bytes);
std::optional<int32_t> take_varint(std::string_view& bytes);

void append_varint(std::string& out, int64_t value);

}  // namespace omashu::broker
