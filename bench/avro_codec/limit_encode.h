// Straight-line encoding: limit_decode.h's other direction. There is room for what a record takes; nobody looks.

#pragma once

#include <bit>
#include <cstring>

#include "bench/avro_codec/records.h"

#if defined(__AVX512BW__) && defined(__BMI2__)
#include <immintrin.h>
#endif

namespace omashu::bench {

[[gnu::always_inline]] inline char* copy_text(char* out, const char* text, size_t size) {
#if defined(__AVX512BW__) && defined(__BMI2__)
  for (size_t at = 0; at < size; at += 64) {
    const __mmask64 there = _bzhi_u64(~uint64_t{0}, static_cast<unsigned>(size - at < 64 ? size - at : 64));
    _mm512_storeu_si512(out + at, _mm512_maskz_loadu_epi8(there, text + at));
  }
#else
  std::memcpy(out, text, size);
#endif
  return out + size;
}

[[gnu::always_inline]] inline char* write_long(char* out, int64_t value) {
  uint64_t bits = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
  if (bits < 0x80) [[likely]] {
    *out = static_cast<char>(bits);
    return out + 1;
  }
#if defined(__BMI2__)
  if (bits < uint64_t{1} << 56) {
    const auto size = static_cast<unsigned>((std::bit_width(bits) + 6) / 7);
    const uint64_t more = 0x8080808080808080u & ((uint64_t{1} << (8 * (size - 1))) - 1);
    const uint64_t word = _pdep_u64(bits, 0x7f7f7f7f7f7f7f7fu) | more;
    std::memcpy(out, &word, 8);
    return out + size;
  }
#endif
  for (; bits > 0x7f; bits >>= 7) *out++ = static_cast<char>(bits | 0x80);
  *out = static_cast<char>(bits);
  return out + 1;
}

template <class T>
[[gnu::always_inline]] inline char* write_raw(char* out, const T& value) {
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

[[gnu::always_inline]] inline char* write(char* out, std::string_view value) {
  out = write_long(out, static_cast<int64_t>(value.size()));
  return copy_text(out, value.data(), value.size());
}
[[gnu::always_inline]] inline char* write(char* out, const std::string& value) {
  return write(out, std::string_view(value));
}
template <class Text>
[[gnu::always_inline]] inline char* write(char* out, const BytesOf<Text>& value) {
  return write(out, value.bytes);
}
[[gnu::always_inline]] inline char* write(char* out, int64_t value) { return write_long(out, value); }
[[gnu::always_inline]] inline char* write(char* out, int32_t value) { return write_long(out, value); }
[[gnu::always_inline]] inline char* write(char* out, double value) { return write_raw(out, value); }
[[gnu::always_inline]] inline char* write(char* out, float value) { return write_raw(out, value); }
[[gnu::always_inline]] inline char* write(char* out, const std::array<char, 16>& value) {
  return write_raw(out, value);
}
[[gnu::always_inline]] inline char* write(char* out, bool value) { return write_raw(out, value); }
template <class Symbols>
[[gnu::always_inline]] inline char* write(char* out, Enum<Symbols> value) {
  return write_long(out, value.index);
}

// Of standard types, which are found by their declaration alone.
template <class T>
char* write(char* out, const std::optional<T>& value);
template <class T>
char* write(char* out, const std::vector<T>& value);
template <class... T>
char* write(char* out, const std::variant<T...>& value);
inline char* write(char* out, std::monostate) { return out; }

template <Record T>
[[gnu::always_inline]] inline char* write(char* out, const T& value) {
  each_field<T>([&](auto field) __attribute__((always_inline)) {
    out = write(out, value.*field.member);
    return true;
  });
  return out;
}

template <class T>
[[gnu::always_inline]] inline char* write(char* out, const std::optional<T>& value) {
  *out++ = value ? 2 : 0;
  return value ? write(out, *value) : out;
}

template <class Text, class T>
[[gnu::always_inline]] inline char* write(char* out, const Entry<Text, T>& entry) {
  return write(write(out, entry.key), entry.value);
}

template <class T>
inline char* write_items(char* out, const T* items, size_t count) {
  if (count > 0) out = write_long(out, static_cast<int64_t>(count));
  for (size_t i = 0; i < count; ++i) out = write(out, items[i]);
  *out = 0;
  return out + 1;
}
template <class T>
inline char* write(char* out, const Span<T>& value) {
  return write_items(out, value.items, value.count);
}
template <class T>
inline char* write(char* out, const std::vector<T>& value) {
  return write_items(out, value.data(), value.size());
}

template <class... T>
inline char* write(char* out, const std::variant<T...>& value) {
  out = write_long(out, static_cast<int64_t>(value.index()));
  return std::visit([&](const auto& branch) { return write(out, branch); }, value);
}

}  // namespace omashu::bench
