#include "base/utf8_blocks.h"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <tmmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace omashu {

#if defined(__x86_64__) || defined(__aarch64__)

namespace {

// What may be wrong with a byte and the one before it, a bit for each.
constexpr uint8_t kTooShort = 1 << 0;          // a first byte, and then no further one
constexpr uint8_t kTooLong = 1 << 1;           // ASCII, and then a further byte
constexpr uint8_t kOverlong3 = 1 << 2;         // e0 80…9f
constexpr uint8_t kTooLarge = 1 << 3;          // f4 90…bf, f5…ff 90…bf
constexpr uint8_t kSurrogate = 1 << 4;         // ed a0…bf
constexpr uint8_t kOverlong2 = 1 << 5;         // c0…c1
constexpr uint8_t kOverlong4 = 1 << 6;         // f0 80…8f, and f5…ff 80…8f
constexpr uint8_t kTwoContinuations = 1 << 7;  // right only as the third or fourth byte of a character
constexpr uint8_t kAnyLow = kTooShort | kTooLong | kTwoContinuations;

constexpr size_t kBlock = 16;

// Each bit that all three tables have is a mistake.
alignas(kBlock) constexpr uint8_t kByHighNibbleBefore[kBlock] = {kTooLong,
                                                                 kTooLong,
                                                                 kTooLong,
                                                                 kTooLong,
                                                                 kTooLong,
                                                                 kTooLong,
                                                                 kTooLong,
                                                                 kTooLong,
                                                                 kTwoContinuations,
                                                                 kTwoContinuations,
                                                                 kTwoContinuations,
                                                                 kTwoContinuations,
                                                                 kTooShort | kOverlong2,
                                                                 kTooShort,
                                                                 kTooShort | kOverlong3 | kSurrogate,
                                                                 kTooShort | kTooLarge | kOverlong4};
alignas(kBlock) constexpr uint8_t kByLowNibbleBefore[kBlock] = {kAnyLow | kOverlong2 | kOverlong3 | kOverlong4,
                                                                kAnyLow | kOverlong2,
                                                                kAnyLow,
                                                                kAnyLow,
                                                                kAnyLow | kTooLarge,
                                                                kAnyLow | kTooLarge | kOverlong4,
                                                                kAnyLow | kTooLarge | kOverlong4,
                                                                kAnyLow | kTooLarge | kOverlong4,
                                                                kAnyLow | kTooLarge | kOverlong4,
                                                                kAnyLow | kTooLarge | kOverlong4,
                                                                kAnyLow | kTooLarge | kOverlong4,
                                                                kAnyLow | kTooLarge | kOverlong4,
                                                                kAnyLow | kTooLarge | kOverlong4,
                                                                kAnyLow | kTooLarge | kOverlong4 | kSurrogate,
                                                                kAnyLow | kTooLarge | kOverlong4,
                                                                kAnyLow | kTooLarge | kOverlong4};
alignas(kBlock) constexpr uint8_t kByHighNibble[kBlock] = {
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooLong | kTwoContinuations | kOverlong2 | kOverlong3 | kOverlong4,
    kTooLong | kTwoContinuations | kOverlong2 | kOverlong3 | kTooLarge,
    kTooLong | kTwoContinuations | kOverlong2 | kSurrogate | kTooLarge,
    kTooLong | kTwoContinuations | kOverlong2 | kSurrogate | kTooLarge,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort};

}  // namespace

#endif

#if defined(__x86_64__)

bool can_validate_utf8_by_blocks() {
  static const bool has_ssse3 = __builtin_cpu_supports("ssse3");
  return has_ssse3;
}

__attribute__((target("ssse3"))) bool is_valid_utf8_by_blocks(std::string_view text) {
  const auto table = [](const uint8_t* bytes) __attribute__((target("ssse3"))) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(bytes));
  };
  const __m128i by_high_before = table(kByHighNibbleBefore);
  const __m128i by_low_before = table(kByLowNibbleBefore);
  const __m128i by_high = table(kByHighNibble);
  const __m128i low_nibbles = _mm_set1_epi8(0x0f);
  __m128i before = _mm_setzero_si128();
  __m128i wrong = _mm_setzero_si128();
  // The last round has what is left and zeros, so that a character which is cut off is seen.
  for (size_t at = 0; at <= text.size(); at += kBlock) {
    __m128i bytes;
    if (text.size() - at >= kBlock) {
      bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    } else {
      char rest[kBlock] = {};
      std::memcpy(rest, text.data() + at, text.size() - at);
      bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rest));
    }
    const __m128i one_before = _mm_alignr_epi8(bytes, before, 15);
    const __m128i high_before = _mm_and_si128(_mm_srli_epi16(one_before, 4), low_nibbles);
    const __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), low_nibbles);
    const __m128i pairs =
        _mm_and_si128(_mm_and_si128(_mm_shuffle_epi8(by_high_before, high_before),
                                    _mm_shuffle_epi8(by_low_before, _mm_and_si128(one_before, low_nibbles))),
                      _mm_shuffle_epi8(by_high, high));
    // 0x80 and above where the byte two before begins three bytes, or the one three before begins four.
    const __m128i third = _mm_subs_epu8(_mm_alignr_epi8(bytes, before, 14), _mm_set1_epi8(0xe0 - 0x80));
    const __m128i fourth = _mm_subs_epu8(_mm_alignr_epi8(bytes, before, 13), _mm_set1_epi8(0xf0 - 0x80));
    const __m128i must_continue = _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8(static_cast<char>(0x80)));
    wrong = _mm_or_si128(wrong, _mm_xor_si128(must_continue, pairs));
    before = bytes;
  }
  return _mm_movemask_epi8(_mm_cmpeq_epi8(wrong, _mm_setzero_si128())) == 0xffff;
}

#elif defined(__aarch64__)

bool can_validate_utf8_by_blocks() { return true; }

bool is_valid_utf8_by_blocks(std::string_view text) {
  const uint8x16_t by_high_before = vld1q_u8(kByHighNibbleBefore);
  const uint8x16_t by_low_before = vld1q_u8(kByLowNibbleBefore);
  const uint8x16_t by_high = vld1q_u8(kByHighNibble);
  uint8x16_t before = vdupq_n_u8(0);
  uint8x16_t wrong = vdupq_n_u8(0);
  // The last round has what is left and zeros, so that a character which is cut off is seen.
  for (size_t at = 0; at <= text.size(); at += kBlock) {
    uint8x16_t bytes;
    if (text.size() - at >= kBlock) {
      bytes = vld1q_u8(reinterpret_cast<const uint8_t*>(text.data() + at));
    } else {
      uint8_t rest[kBlock] = {};
      std::memcpy(rest, text.data() + at, text.size() - at);
      bytes = vld1q_u8(rest);
    }
    const uint8x16_t one_before = vextq_u8(before, bytes, 15);
    const uint8x16_t pairs = vandq_u8(vandq_u8(vqtbl1q_u8(by_high_before, vshrq_n_u8(one_before, 4)),
                                               vqtbl1q_u8(by_low_before, vandq_u8(one_before, vdupq_n_u8(0x0f)))),
                                      vqtbl1q_u8(by_high, vshrq_n_u8(bytes, 4)));
    // 0x80 and above where the byte two before begins three bytes, or the one three before begins four.
    const uint8x16_t third = vqsubq_u8(vextq_u8(before, bytes, 14), vdupq_n_u8(0xe0 - 0x80));
    const uint8x16_t fourth = vqsubq_u8(vextq_u8(before, bytes, 13), vdupq_n_u8(0xf0 - 0x80));
    const uint8x16_t must_continue = vandq_u8(vorrq_u8(third, fourth), vdupq_n_u8(0x80));
    wrong = vorrq_u8(wrong, veorq_u8(must_continue, pairs));
    before = bytes;
  }
  return vmaxvq_u8(wrong) == 0;
}

#else

bool can_validate_utf8_by_blocks() { return false; }
bool is_valid_utf8_by_blocks(std::string_view) { return false; }

#endif

}  // namespace omashu
