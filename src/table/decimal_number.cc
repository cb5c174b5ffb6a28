#include "table/decimal_number.h"

#include <algorithm>

#include "avro/decimal_text.h"

namespace omashu::table {

namespace {

std::string without_leading_zeros(std::string digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

// The digits at a scale that is not smaller.
std::string scaled(const DecimalNumber& number, int64_t scale) {
  return number.digits.empty() ? "" : number.digits + std::string(static_cast<size_t>(scale - number.scale), '0');
}

std::strong_ordering compare_digits(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

std::string add_digits(const std::string& a, const std::string& b) {
  std::string sum(std::max(a.size(), b.size()) + 1, '0');
  int carry = 0;
  for (size_t i = 0; i < sum.size(); ++i) {
    const auto digit = [i](const std::string& digits) {
      return i < digits.size() ? digits[digits.size() - 1 - i] - '0' : 0;
    };
    carry += digit(a) + digit(b);
    sum[sum.size() - 1 - i] = static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
  return without_leading_zeros(std::move(sum));
}

// `a` is not smaller than `b`.
std::string subtract_digits(const std::string& a, const std::string& b) {
  std::string difference = a;
  int borrow = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    char& digit = difference[a.size() - 1 - i];
    int value = digit - '0' - borrow - (i < b.size() ? b[b.size() - 1 - i] - '0' : 0);
    borrow = value < 0 ? 1 : 0;
    if (value < 0) value += 10;
    digit = static_cast<char>('0' + value);
  }
  return without_leading_zeros(std::move(difference));
}

}  // namespace

bool read_decimal_number(std::string_view unscaled, int32_t scale, DecimalNumber& number) {
  char text[avro::kMaxDecimalText];
  const char* end = avro::write_decimal(text, unscaled, 0);
  if (end == nullptr) return false;
  std::string_view digits(text, end);
  number.is_negative = digits.starts_with('-');
  if (number.is_negative) digits.remove_prefix(1);
  if (digits == "0") digits = {};
  number.digits = digits;
  number.scale = scale;
  return true;
}

DecimalNumber decimal_number(Int128 value) {
  DecimalNumber number{.is_negative = value < 0, .digits = "", .scale = 0};
  for (auto rest = value < 0 ? -static_cast<UnsignedInt128>(value) : static_cast<UnsignedInt128>(value); rest != 0;
       rest /= 10) {
    number.digits += static_cast<char>('0' + static_cast<int>(rest % 10));
  }
  std::ranges::reverse(number.digits);
  return number;
}

std::strong_ordering compare(const DecimalNumber& a, const DecimalNumber& b) {
  const auto sign = [](const DecimalNumber& number) { return number.digits.empty() ? 0 : number.is_negative ? -1 : 1; };
  if (sign(a) != sign(b) || sign(a) == 0) return sign(a) <=> sign(b);
  // The power of ten of the first digit decides, then the digits from the left, as if zeros followed the shorter ones.
  const auto first = [](const DecimalNumber& number) {
    return static_cast<int64_t>(number.digits.size()) - number.scale;
  };
  auto order = first(a) <=> first(b);
  const size_t size = std::max(a.digits.size(), b.digits.size());
  for (size_t i = 0; order == 0 && i < size; ++i) {
    const auto digit = [i](const DecimalNumber& number) { return i < number.digits.size() ? number.digits[i] : '0'; };
    order = digit(a) <=> digit(b);
  }
  return sign(a) > 0 ? order : 0 <=> order;
}

DecimalNumber add(const DecimalNumber& a, const DecimalNumber& b) {
  const int64_t scale = std::max(a.scale, b.scale);
  const std::string x = scaled(a, scale), y = scaled(b, scale);
  if (a.is_negative == b.is_negative) return {.is_negative = a.is_negative, .digits = add_digits(x, y), .scale = scale};
  if (compare_digits(x, y) >= 0) return {.is_negative = a.is_negative, .digits = subtract_digits(x, y), .scale = scale};
  return {.is_negative = b.is_negative, .digits = subtract_digits(y, x), .scale = scale};
}

DecimalNumber divide(const DecimalNumber& number, uint64_t divisor) {
  const int64_t min_scale = std::max<int64_t>(number.scale, 0);
  DecimalNumber quotient{.is_negative = number.is_negative, .digits = "", .scale = min_scale + 6};
  UnsignedInt128 rest = 0;
  for (const char digit : scaled(number, quotient.scale)) {
    rest = rest * 10 + static_cast<unsigned>(digit - '0');
    quotient.digits += static_cast<char>('0' + static_cast<int>(rest / divisor));
    rest %= divisor;
  }
  quotient.digits = without_leading_zeros(std::move(quotient.digits));
  if (2 * rest >= divisor) quotient.digits = add_digits(quotient.digits, "1");
  while (quotient.scale > min_scale && (quotient.digits.empty() || quotient.digits.back() == '0')) {
    if (!quotient.digits.empty()) quotient.digits.pop_back();
    --quotient.scale;
  }
  return quotient;
}

std::string to_text(const DecimalNumber& number) {
  std::string text = number.digits;
  if (number.scale < 0) {
    if (!text.empty()) text.append(static_cast<size_t>(-number.scale), '0');
  } else if (const auto scale = static_cast<size_t>(number.scale); text.size() <= scale) {
    text.insert(0, scale + 1 - text.size(), '0');
  }
  if (text.empty()) text = "0";
  if (number.scale > 0) text.insert(text.size() - static_cast<size_t>(number.scale), 1, '.');
  if (number.is_negative && !number.digits.empty()) text.insert(0, 1, '-');
  return text;
}

}  // namespace omashu::table
