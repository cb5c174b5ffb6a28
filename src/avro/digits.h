// Decimal digits, two at a time.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace omashu::avro {

// "00" to "99", one after the other.
inline constexpr std::array<char, 200> kDigitPairs = [] {
  std::array<char, 200> pairs{};
  for (size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

// `value` is below 100.
inline char* write_two_digits(char* out, uint64_t value) {
  std::memcpy(out, kDigitPairs.data() + 2 * value, 2);
  return out + 2;
}

// `value` is below 10,000.
inline char* write_four_digits(char* out, uint32_t value) {
  return write_two_digits(write_two_digits(out, value / 100), value % 100);
}

// `value` is below 10^width; with leading zeros.
inline char* write_digits(char* out, uint64_t value, size_t width) {
  char* const end = out + width;
  char* to = end;
  // Eight at once: their divisions do not wait for each other.
  for (; width >= 8; width -= 8, value /= 100'000'000) {
    const auto eight = static_cast<uint32_t>(value % 100'000'000);
    to -= 8;
    write_four_digits(write_four_digits(to, eight / 10'000), eight % 10'000);
  }
  auto rest = static_cast<uint32_t>(value);
  for (; width >= 2; width -= 2, rest /= 100) {
    to -= 2;
    write_two_digits(to, rest % 100);
  }
  if (width == 1) *--to = static_cast<char>('0' + rest % 10);
  return end;
}

}  // namespace omashu::avro
