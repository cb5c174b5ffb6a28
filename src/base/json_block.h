// Sixteen bytes of a JSON string at once: where among them is what ends it or cannot stand there as it is. With the
// instructions that every processor of its kind has (SSE2, NEON), so there is nothing to choose at run time.

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace omashu::json {

inline constexpr size_t kBlockBytes = 16;

// Bit i stands for byte i.
struct BlockMarks {
  uint32_t special = 0;    // quotes, backslashes and control characters
  uint32_t non_ascii = 0;  // bytes from 0x80 on

  bool operator==(const BlockMarks&) const = default;
};

// The high bit of each byte of a word that is special. A byte after the first such one may be marked without need.
inline uint64_t mark_special_in_word(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101u;
  constexpr uint64_t kHighs = 0x8080808080808080u;
  const uint64_t control = (word - kOnes * 0x20) & ~word;
  const uint64_t quote = word ^ kOnes * '"';
  const uint64_t backslash = word ^ kOnes * '\\';
  return (control | ((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash)) & kHighs;
}

// For any processor, eight bytes at a time. Of `special` the lowest bit is right, and those above it may be too many.
inline BlockMarks mark_block_by_words(const char* block) {
  static_assert(std::endian::native == std::endian::little);
  // Gathers the high bits of a word's bytes into its lowest eight bits.
  const auto gather = [](uint64_t highs) { return static_cast<uint32_t>(((highs >> 7) * 0x0102040810204080u) >> 56); };
  uint64_t words[2];
  std::memcpy(words, block, sizeof words);
  constexpr uint64_t kHighs = 0x8080808080808080u;
  return {.special = gather(mark_special_in_word(words[0])) | gather(mark_special_in_word(words[1])) << 8,
          .non_ascii = gather(words[0] & kHighs) | gather(words[1] & kHighs) << 8};
}

#if defined(__SSE2__)

inline BlockMarks mark_block(const char* block) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
  // A byte is below 0x20 where it is the smaller one of itself and 0x1f.
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  return {.special = static_cast<uint32_t>(_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash)))),
          .non_ascii = static_cast<uint32_t>(_mm_movemask_epi8(bytes))};
}

#elif defined(__ARM_NEON)

inline BlockMarks mark_block(const char* block) {
  const uint8x16_t bytes = vld1q_u8(reinterpret_cast<const uint8_t*>(block));
  const uint8x16_t special = vorrq_u8(vcltq_u8(bytes, vdupq_n_u8(0x20)),
                                      vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('"')), vceqq_u8(bytes, vdupq_n_u8('\\'))));
  const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const auto gather = [&](uint8x16_t lanes) {
    const uint8x16_t weighed = vandq_u8(lanes, bits);
    return static_cast<uint32_t>(vaddv_u8(vget_low_u8(weighed))) |
           static_cast<uint32_t>(vaddv_u8(vget_high_u8(weighed))) << 8;
  };
  return {.special = gather(special), .non_ascii = gather(vcgeq_u8(bytes, vdupq_n_u8(0x80)))};
}

#else

inline BlockMarks mark_block(const char* block) { return mark_block_by_words(block); }

#endif

}  // namespace omashu::json
