#include "avro/number_text.h"

#include <fmt/compile.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>

#include "avro/digits.h"

namespace omashu::avro {

namespace {

template <class T>
using Bits = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

constexpr std::string_view kNanPrefix = "NaN(0x";

template <class T>
Bits<T> usual_nan() {
  return std::bit_cast<Bits<T>>(std::numeric_limits<T>::quiet_NaN());
}

template <class T>
char* write_special(char* out, T value) {
  const auto bits = std::bit_cast<Bits<T>>(value);
  if (std::isnan(value) && bits != usual_nan<T>()) {
    if constexpr (sizeof(T) == 8) return fmt::format_to(out, FMT_COMPILE("\"{}{:016x})\""), kNanPrefix, bits);
    return fmt::format_to(out, FMT_COMPILE("\"{}{:08x})\""), kNanPrefix, bits);
  }
  const std::string_view text = std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  return std::copy(text.begin(), text.end(), out);
}

template <class T>
char* write_shortest(char* out, T value) {
  if (!std::isfinite(value)) return write_special(out, value);
  char* end = fmt::format_to(out, FMT_COMPILE("{}"), value);
  if (std::none_of(out, end, [](char c) { return c == '.' || c == 'e'; })) {
    *end++ = '.';
    *end++ = '0';
  }
  return end;
}

template <class T>
bool parse_nan_of_bits(std::string_view text, T& value) {
  if (text.size() != kNanPrefix.size() + 2 * sizeof(T) + 1 || !text.starts_with(kNanPrefix)) return false;
  Bits<T> bits = 0;
  const char* const first = text.data() + kNanPrefix.size();
  const char* const last = first + 2 * sizeof(T);
  if (*last != ')' || std::from_chars(first, last, bits, 16).ptr != last) return false;
  if (!std::isnan(std::bit_cast<T>(bits))) return false;
  value = std::bit_cast<T>(bits);
  return true;
}

template <class T>
bool parse_special_of(std::string_view text, T& value) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  if (text == "NaN") {
    value = std::numeric_limits<T>::quiet_NaN();
  } else if (text == "Infinity") {
    value = kInfinity;
  } else if (text == "-Infinity") {
    value = -kInfinity;
  } else {
    return parse_nan_of_bits(text, value);
  }
  return true;
}

constexpr std::array<uint64_t, 20> kPowersOfTen = [] {
  std::array<uint64_t, 20> powers{1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

size_t count_digits(uint64_t value) {
  // The bits times log10(2), which is right or one too few. `value` is not 0.
  const auto guess = static_cast<size_t>(std::bit_width(value) * 1233 >> 12);
  return guess + (value >= kPowersOfTen[guess] ? 1 : 0);
}

}  // namespace

char* write_integer(char* out, int64_t value) {
  auto magnitude = static_cast<uint64_t>(value);
  if (value < 0) {
    *out++ = '-';
    magnitude = 0 - magnitude;
  }
  if (magnitude < 10) {
    *out = static_cast<char>('0' + magnitude);
    return out + 1;
  }
  const size_t digits = count_digits(magnitude);
  return write_digits(out, magnitude, digits);
}

bool parse_special(std::string_view text, double& value) { return parse_special_of(text, value); }
bool parse_special(std::string_view text, float& value) { return parse_special_of(text, value); }

char* write_float(char* out, float value) { return write_shortest(out, value); }

// Most doubles in records are decimals of a few places: u / 10^k for a small integer u. With at most 15 digits that
// decimal is the only one so short that reads back as the double, so no search for the shortest is needed.
char* write_double(char* out, double value) {
  constexpr double kMaxUnscaled = 1e15;
  double factor = 1;
  for (int decimals = 0; decimals <= 4; ++decimals, factor *= 10) {
    const double scaled = std::fabs(value) * factor;
    if (!(scaled < kMaxUnscaled)) break;
    const auto unscaled = static_cast<uint64_t>(scaled);
    if (static_cast<double>(unscaled) != scaled) continue;
    if (scaled / factor != std::fabs(value)) continue;
    if (std::signbit(value)) *out++ = '-';
    const auto divisor = static_cast<uint64_t>(factor);
    out = write_integer(out, static_cast<int64_t>(unscaled / divisor));
    *out++ = '.';
    const auto digits = static_cast<size_t>(std::max(decimals, 1));
    return write_digits(out, unscaled % divisor, digits);
  }
  return write_shortest(out, value);
}

}  // namespace omashu::avro
