#include "base/utf8.h"

#include <cassert>
#include <cstring>

#include "base/utf8_blocks.h"

namespace omashu {

size_t utf8_character_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xe0 && byte(1) < 0xa0) return 0;   // overlong
    if (first == 0xed && byte(1) >= 0xa0) return 0;  // surrogate
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (first == 0xf0 && byte(1) < 0x90) return 0;   // overlong
    if (first == 0xf4 && byte(1) >= 0x90) return 0;  // above 0x10FFFF
    return 4;
  }
  return 0;
}

bool is_valid_utf8_by_characters(std::string_view text) {
  while (!text.empty()) {
    // Eight ASCII bytes at a time: most text is.
    uint64_t word = 0;
    while (text.size() >= sizeof word) {
      std::memcpy(&word, text.data(), sizeof word);
      if ((word & 0x8080808080808080u) != 0) break;
      text.remove_prefix(sizeof word);
    }
    if (text.empty()) return true;
    const size_t length = utf8_character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_valid_multibyte_utf8(std::string_view text) {
  return can_validate_utf8_by_blocks() ? is_valid_utf8_by_blocks(text) : is_valid_utf8_by_characters(text);
}

void append_utf8(std::string& out, uint32_t code_point) {
  assert(code_point <= 0x10ffff);
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
    return;
  }
  if (code_point < 0x800) {
    out += static_cast<char>(0xc0 | (code_point >> 6));
  } else {
    if (code_point < 0x10000) {
      out += static_cast<char>(0xe0 | (code_point >> 12));
    } else {
      out += static_cast<char>(0xf0 | (code_point >> 18));
      out += static_cast<char>(0x80 | ((code_point >> 12) & 0x3f));
    }
    out += static_cast<char>(0x80 | ((code_point >> 6) & 0x3f));
  }
  out += static_cast<char>(0x80 | (code_point & 0x3f));
}

}  // namespace omashu
