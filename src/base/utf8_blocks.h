// Whether bytes are UTF-8, sixteen at a time: "Validating UTF-8 In Less Than One Instruction Per Byte" (Keiser and
// Lemire, 2021). Three look-ups by the nibbles of a byte and of the one before it find every wrong pair; what is left
// is whether third and fourth bytes are where they must be.
//
// Private to utf8.cc and its test.

#pragma once

#include <string_view>

namespace omashu {

// Whether this processor has what is_valid_utf8_by_blocks needs: SSSE3 or NEON.
bool can_validate_utf8_by_blocks();

// To be called only where it can.
bool is_valid_utf8_by_blocks(std::string_view text);

// For any processor, character by character.
bool is_valid_utf8_by_characters(std::string_view text);

}  // namespace omashu
