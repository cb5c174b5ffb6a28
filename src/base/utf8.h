// UTF-8 (RFC 3629), as Avro strings and JSON texts carry it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

// The same of a text in a buffer: `readable` bytes may be read from its beginning on, at least its own. So no branch
// depends on the size of a short text, which nobody can predict.
inline bool is_valid_utf8(std::string_view text, size_t readable) {
#if defined(__SSE2__)
  constexpr size_t kBlock = 16;
  if (readable < (text.size() + kBlock - 1) / kBlock * kBlock) [[unlikely]]
    return is_valid_utf8(text);
  uint32_t non_ascii = 0;
  size_t at = 0;
  const auto mark = [&] {
    const void* const block = text.data() + at;
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_loadu_si128(static_cast<const __m128i*>(block))));
  };
  for (; text.size() - at > kBlock; at += kBlock) non_ascii |= mark();
  if (!text.empty()) non_ascii |= mark() & ((uint32_t{1} << (text.size() - at)) - 1);
  return non_ascii == 0 || is_valid_multibyte_utf8(text);
#else
  static_cast<void>(readable);
  return is_valid_utf8(text);
#endif
}

// `code_point` must be at most 0x10FFFF.
void append_utf8(std::string& out, uint32_t code_point);

}  // namespace omashu
