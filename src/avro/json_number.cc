#include "avro/json_number.h"

#include <array>
#include <charconv>
#include <cstddef>

namespace omashu::avro {

namespace {

constexpr int kDigitsOf64Bits = 19;  // that always fit an unsigned number of 64 bits

bool is_digit(const char* at, const char* end) { return at != end && *at >= '0' && *at <= '9'; }

// Digits from `at` on, at least one, appended to `value`, which is right while `count` is kDigitsOf64Bits or less.
// Zeros before the first other digit do not count.
const char* read_digits(const char* at, const char* end, uint64_t& value, int& count) {
  if (!is_digit(at, end)) return nullptr;
  for (; is_digit(at, end); ++at) {
    value = value * 10 + static_cast<uint64_t>(*at - '0');
    count += value != 0 ? 1 : 0;
  }
  return at;
}

// As JSON has it, the first digit is 0 only where it is the only one.
const char* read_whole_part(const char* at, const char* end, uint64_t& value, int& count) {
  if (at != end && *at == '0') {
    ++at;
    return is_digit(at, end) ? nullptr : at;
  }
  return read_digits(at, end, value, count);
}

// Powers of ten, and integers, that the type has exactly.
template <class T>
struct Exact;
template <>
struct Exact<double> {
  static constexpr uint64_t kMaxInteger = uint64_t{1} << 53;
  static constexpr std::array<double, 23> kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
};
template <>
struct Exact<float> {
  static constexpr uint64_t kMaxInteger = uint64_t{1} << 24;
  static constexpr std::array<float, 11> kPowers = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f};
};

template <class T>
const char* read_real(const char* const text, const char* const end, T& value) {
  const char* at = text;
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  uint64_t digits = 0;
  int count = 0;
  at = read_whole_part(at, end, digits, count);
  if (at == nullptr) return nullptr;
  size_t decimals = 0;
  if (at != end && *at == '.') {
    const char* const point = at;
    at = read_digits(at + 1, end, digits, count);
    if (at == nullptr) return nullptr;
    decimals = static_cast<size_t>(at - point - 1);
  }
  const bool has_exponent = at != end && (*at == 'e' || *at == 'E');
  if (!has_exponent && count <= kDigitsOf64Bits && digits <= Exact<T>::kMaxInteger &&
      decimals < Exact<T>::kPowers.size()) {
    // Both are exact, so that the quotient is the nearest number (Clinger, 1990).
    value = static_cast<T>(digits) / Exact<T>::kPowers[decimals];
    if (negative) value = -value;
    return at;
  }
  if (has_exponent) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    uint64_t exponent = 0;
    at = read_digits(at, end, exponent, count);
    if (at == nullptr) return nullptr;
  }
  const auto [stop, error] = std::from_chars(text, at, value);
  return error == std::errc() && stop == at ? at : nullptr;
}

}  // namespace

const char* read_json_integer(const char* text, const char* end, int64_t& value) {
  const char* at = text;
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  uint64_t magnitude = 0;
  int count = 0;
  at = read_whole_part(at, end, magnitude, count);
  if (at == nullptr || (at != end && (*at == '.' || *at == 'e' || *at == 'E'))) return nullptr;
  if (count < kDigitsOf64Bits) [[likely]] {
    value = static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
    return at;
  }
  return std::from_chars(text, at, value).ec == std::errc() ? at : nullptr;
}

const char* read_json_real(const char* text, const char* end, double& value) { return read_real(text, end, value); }
const char* read_json_real(const char* text, const char* end, float& value) { return read_real(text, end, value); }

}  // namespace omashu::avro
