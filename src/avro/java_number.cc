#include "avro/java_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

namespace omashu::avro {

namespace {

// Digits d1 d2 d3… and an exponent: the number is d1.d2d3… × 10^exponent.
struct Decimal {
  std::string digits;
  int exponent = 0;
};

Decimal parse_scientific(std::string_view text) {
  Decimal decimal;
  const size_t e = text.find('e');
  for (const char c : text.substr(0, e)) {
    if (c != '.') decimal.digits += c;
  }
  std::string_view exponent = text.substr(e + 1);
  if (exponent.front() == '+') exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.exponent);
  return decimal;
}

// The shortest digits that name `value`, but the nearest pair of digits where one digit alone would do.
template <class Float>
Decimal shortest_decimal(Float value) {
  std::array<char, 32> buffer;
  char* const end = buffer.data() + buffer.size();
  const auto shortest = std::to_chars(buffer.data(), end, value, std::chars_format::scientific);
  Decimal decimal = parse_scientific({buffer.data(), shortest.ptr});
  if (decimal.digits.size() > 1) return decimal;
  const auto pair = std::to_chars(buffer.data(), end, value, std::chars_format::scientific, 1);
  Float same = 0;
  std::from_chars(buffer.data(), pair.ptr, same);
  return same == value ? parse_scientific({buffer.data(), pair.ptr}) : decimal;
}

void strip_trailing_zeros(std::string& digits) {
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
}

template <class Float>
std::string java_text(Float value) {
  if (std::isnan(value)) return "\"NaN\"";
  if (std::isinf(value)) return value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  std::string text = std::signbit(value) ? "-" : "";
  if (value == 0) return text + "0.0";
  auto [digits, exponent] = shortest_decimal(std::abs(value));
  strip_trailing_zeros(digits);
  const bool plain = exponent >= -3 && exponent < 7;  // 10^-3 ≤ value < 10^7
  if (plain && exponent < 0) {
    text += "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
    return text;
  }
  const size_t whole = plain ? static_cast<size_t>(exponent) + 1 : 1;
  if (digits.size() <= whole) digits.append(whole + 1 - digits.size(), '0');
  text += digits.substr(0, whole) + "." + digits.substr(whole);
  if (!plain) text += "E" + std::to_string(exponent);
  return text;
}

// Whether a spelling that no double holds is too large rather than too small.
bool is_huge(std::string_view spelling) {
  const size_t e = spelling.find_first_of("eE");
  int32_t exponent = 0;  // so small that adding positions in a text to it cannot overflow
  if (e != std::string_view::npos) {
    std::string_view digits = spelling.substr(e + 1);
    const bool negative = digits.front() == '-';
    if (digits.front() == '-' || digits.front() == '+') digits.remove_prefix(1);
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (error != std::errc()) exponent = std::numeric_limits<int32_t>::max();  // far beyond any text's length
    if (negative) exponent = -exponent;
  }
  const std::string_view mantissa = spelling.substr(0, e);
  const auto point = static_cast<int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  const auto first = static_cast<int64_t>(std::min(mantissa.find_first_of("123456789"), mantissa.size()));
  return exponent + point - first > 0;
}

}  // namespace

double double_of_spelling(std::string_view spelling) {
  double value = 0;
  const auto [stop, error] = std::from_chars(spelling.data(), spelling.data() + spelling.size(), value);
  if (error != std::errc::result_out_of_range) return value;
  value = is_huge(spelling) ? std::numeric_limits<double>::infinity() : 0.0;
  return spelling.starts_with('-') ? -value : value;
}

std::string java_double_text(double value) { return java_text(value); }

std::string java_float_text(double value) { return java_text(static_cast<float>(value)); }

std::string java_number_text(std::string_view spelling) {
  if (spelling.find_first_of(".eE") != std::string_view::npos) return java_double_text(double_of_spelling(spelling));
  return spelling == "-0" ? "0" : std::string(spelling);
}

}  // namespace omashu::avro
