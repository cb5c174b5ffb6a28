// Variable-length zig-zag integers (specification, "Binary Encoding"): seven bits a byte, the lowest first, the high
// bit set on all but the last; 1 to 10 bytes for 64 bits.

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace omashu::avro {

inline constexpr size_t kMaxVarintBytes = 10;

constexpr uint64_t zigzag_encode(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
constexpr int64_t zigzag_decode(uint64_t bits) {
  return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
}

// What decode_varint found; small enough to come back in two registers.
struct Varint {
  uint64_t bits = 0;
  uint32_t size = 0;      // bytes; 0 where they end before the number does, or where it has more than 64 bits
  bool too_long = false;  // the latter
};
static_assert(sizeof(Varint) == 16);

// For any number of bytes, and numbers of more than 56 bits. Padding with zero groups is accepted up to ten bytes, as
// Java does.
Varint decode_varint_slowly(const char* begin, const char* end);

// The number that the lowest bytes of `word` are, or one without a size where it has more than eight. The seven-bit
// groups are pulled together pair by pair, so it needs no instruction beyond the baseline's.
inline Varint decode_varint_of_word(uint64_t word) {
  const uint64_t stops = ~word & 0x8080808080808080u;
  if (stops == 0) [[unlikely]]
    return {};
  uint64_t x = word & (stops ^ (stops - 1)) & 0x7f7f7f7f7f7f7f7fu;
  x = (x & 0x007f007f007f007fu) | ((x & 0x7f007f007f007f00u) >> 1);
  x = (x & 0x00003fff00003fffu) | ((x & 0x3fff00003fff0000u) >> 2);
  x = (x & 0x000000000fffffffu) | ((x & 0x0fffffff00000000u) >> 4);
  return {.bits = x, .size = static_cast<uint32_t>(std::countr_zero(stops)) / 8 + 1};
}

// Decodes with one 8-byte load where there are as many bytes.
[[gnu::always_inline]] inline Varint decode_varint(const char* begin, const char* end) {
  static_assert(std::endian::native == std::endian::little);
  if (end - begin >= 8) [[likely]] {
    uint64_t word = 0;
    std::memcpy(&word, begin, sizeof word);
    const Varint varint = decode_varint_of_word(word);
    if (varint.size != 0) [[likely]]
      return varint;
  }
  return decode_varint_slowly(begin, end);
}

// Returns the end. There must be room for kMaxVarintBytes, whatever the number takes.
inline char* write_varint(char* out, uint64_t bits) {
  if (bits < 0x80) [[likely]] {
    *out = static_cast<char>(bits);
    return out + 1;
  }
  if (bits < uint64_t{1} << 56) [[likely]] {
    // decode_varint_of_word the other way round.
    const auto size = static_cast<unsigned>(std::bit_width(bits) + 6) / 7;
    uint64_t x = (bits & 0x000000000fffffffu) | ((bits & 0x00fffffff0000000u) << 4);
    x = (x & 0x00003fff00003fffu) | ((x & 0x0fffc0000fffc000u) << 2);
    x = (x & 0x007f007f007f007fu) | ((x & 0x3f803f803f803f80u) << 1);
    x |= 0x8080808080808080u & ((uint64_t{1} << 8 * (size - 1)) - 1);
    std::memcpy(out, &x, sizeof x);
    return out + size;
  }
  while (bits > 0x7f) {
    *out++ = static_cast<char>(bits | 0x80);
    bits >>= 7;
  }
  *out++ = static_cast<char>(bits);
  return out;
}

inline void append_long(std::string& out, int64_t value) {
  const uint64_t bits = zigzag_encode(value);
  if (bits < 0x80) {
    out += static_cast<char>(bits);
    return;
  }
  char buffer[kMaxVarintBytes];
  out.append(buffer, static_cast<size_t>(write_varint(buffer, bits) - buffer));
}

}  // namespace omashu::avro
