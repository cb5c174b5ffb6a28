#include "broker/log/crc32c.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace omashu::broker {

namespace {

constexpr uint32_t kPolynomial = 0x82F63B78;  // reflected

// kTables[k][b]: the remainder of the byte b followed by k zero bytes, so that eight bytes are looked up together.
constexpr auto kTables = [] {
  std::array<std::array<uint32_t, 256>, 8> tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = remainder;
  }
  for (size_t k = 1; k < 8; ++k) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}();

uint64_t load_word(const char* from) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

#if defined(__x86_64__)
// The instruction's result is there after three cycles, and another can begin in each: three parts of the bytes are
// taken together, and a part's remainder is carried on over those that follow it.
constexpr size_t kPartBytes = 512;

// kSkips[i][b]: the remainder b << 8 * i followed by the zero bytes of a part.
constexpr auto kSkips = [] {
  std::array<std::array<uint32_t, 256>, 4> skips{};
  for (size_t bit = 0; bit < 32; ++bit) {
    uint32_t remainder = 1u << bit;
    for (size_t i = 0; i < kPartBytes; ++i) remainder = (remainder >> 8) ^ kTables[0][remainder & 0xFF];
    for (size_t byte = 0; byte < 256; ++byte) {
      if ((byte >> (bit % 8) & 1) != 0) skips[bit / 8][byte] ^= remainder;
    }
  }
  return skips;
}();

uint32_t skip_part(uint64_t crc) {
  return kSkips[0][crc & 0xFF] ^ kSkips[1][crc >> 8 & 0xFF] ^ kSkips[2][crc >> 16 & 0xFF] ^ kSkips[3][crc >> 24 & 0xFF];
}

__attribute__((target("sse4.2"))) uint32_t crc32c_by_instruction(std::string_view bytes) {
  uint64_t crc = 0xFFFFFFFF;
  const char* next = bytes.data();
  size_t left = bytes.size();
  for (; left >= 3 * kPartBytes; left -= 3 * kPartBytes, next += 3 * kPartBytes) {
    uint64_t second = 0, third = 0;
    for (size_t i = 0; i < kPartBytes; i += 8) {
      crc = _mm_crc32_u64(crc, load_word(next + i));
      second = _mm_crc32_u64(second, load_word(next + kPartBytes + i));
      third = _mm_crc32_u64(third, load_word(next + 2 * kPartBytes + i));
    }
    crc = skip_part(skip_part(crc) ^ second) ^ third;
  }
  for (; left >= 8; left -= 8, next += 8) crc = _mm_crc32_u64(crc, load_word(next));
  auto crc32 = static_cast<uint32_t>(crc);
  for (; left > 0; --left, ++next) crc32 = _mm_crc32_u8(crc32, static_cast<unsigned char>(*next));
  return ~crc32;
}

bool has_instruction() { return __builtin_cpu_supports("sse4.2") != 0; }
#else
uint32_t crc32c_by_instruction(std::string_view bytes) { return crc32c_by_tables(bytes); }

bool has_instruction() { return false; }
#endif

}  // namespace

uint32_t crc32c_by_tables(std::string_view bytes) {
  uint32_t crc = 0xFFFFFFFF;
  const char* next = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; left -= 8, next += 8) {
    const uint64_t word = load_word(next) ^ crc;
    crc = 0;
    for (size_t i = 0; i < 8; ++i) crc ^= kTables[7 - i][(word >> (8 * i)) & 0xFF];
  }
  for (; left > 0; --left, ++next) crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(*next)) & 0xFF];
  return ~crc;
}

uint32_t crc32c(std::string_view bytes) {
  static const bool by_instruction = has_instruction();
  return by_instruction ? crc32c_by_instruction(bytes) : crc32c_by_tables(bytes);
}

}  // namespace omashu::broker
