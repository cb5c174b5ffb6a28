// Whether a text is UTF-8: 64 bytes at a time where the machine has AVX-512, eight elsewhere.

#pragma once

#include <string_view>

#include "base/utf8.h"

#if defined(__AVX512BW__) && defined(__BMI2__)
#include <immintrin.h>
#endif

namespace omashu::bench {

[[gnu::always_inline]] inline bool is_utf8(std::string_view text) {
#if defined(__AVX512BW__) && defined(__BMI2__)
  for (size_t at = 0; at < text.size(); at += 64) {
    const size_t left = text.size() - at;
    const __mmask64 there = _bzhi_u64(~uint64_t{0}, static_cast<unsigned>(left < 64 ? left : 64));
    const __m512i bytes = _mm512_maskz_loadu_epi8(there, text.data() + at);
    if (_mm512_movepi8_mask(bytes) != 0) [[unlikely]]
      return is_valid_multibyte_utf8(text);
  }
  return true;
#else
  return is_valid_utf8(text);
#endif
}

}  // namespace omashu::bench
