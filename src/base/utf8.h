// UTF-8 (RFC 3629), as Avro strings and JSON texts carry it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace omashu {

// Bytes of the character that `text` starts with: 1 to 4, or 0 where it is empty or not UTF-8 (overlong forms and
// surrogates included).
size_t utf8_character_length(std::string_view text);

bool is_valid_utf8(std::string_view text);

// `code_point` must be at most 0x10FFFF.
void append_utf8(std::string& out, uint32_t code_point);

}  // namespace omashu
