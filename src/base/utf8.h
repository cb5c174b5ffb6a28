// UTF-8 (RFC 3629), as Avro strings and JSON texts carry it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace omashu {

// Bytes of the character that `text` starts with: 1 to 4, or 0 where it is empty or not UTF-8 (overlong forms and
// surrogates included).
size_t utf8_character_length(std::string_view text);

// Whether no byte is above 0x7f.
inline bool is_ascii(std::string_view text) {
  const auto load = [](const char* from, auto word) {
    std::memcpy(&word, from, sizeof word);
    return word;
  };
  const char* const begin = text.data();
  const size_t size = text.size();
  uint64_t all = 0;
  if (size >= 8) {
    // The last word may overlap the one before it.
    for (size_t at = 0; at + 8 < size; at += 8) all |= load(begin + at, uint64_t{});
    all |= load(begin + size - 8, uint64_t{});
  } else if (size >= 4) {
    all = load(begin, uint32_t{}) | load(begin + size - 4, uint32_t{});
  } else if (size > 0) {
    all = static_cast<uint8_t>(begin[0] | begin[size / 2] | begin[size - 1]);
  }
  return (all & 0x8080808080808080u) == 0;
}

// is_valid_utf8() of a text that is not all ASCII.
bool is_valid_multibyte_utf8(std::string_view text);

inline bool is_valid_utf8(std::string_view text) { return is_ascii(text) || is_valid_multibyte_utf8(text); }

// `code_point` must be at most 0x10FFFF.
void append_utf8(std::string& out, uint32_t code_point);

}  // namespace omashu
