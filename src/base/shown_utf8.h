// Text from outside, which may be no UTF-8, as what must be: JSON, and lines on a terminal.

#pragma once

#include <string>
#include <string_view>

namespace omashu {

// The text with U+FFFD in place of each byte that belongs to no character.
std::string as_utf8(std::string_view text);

}  // namespace omashu
