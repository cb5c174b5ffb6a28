#include "avro/decimal_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "avro/binary_reader.h"
#include "avro/varint.h"

namespace omashu::avro {

namespace {

constexpr uint32_t kGroup = 1'000'000'000;  // nine digits at a time
constexpr size_t kMaxDigits = 2'466;        // of 2^8191
constexpr int32_t kMaxPlainScale = 3'000;
static_assert(kMaxDecimalText > kMaxDigits + kMaxPlainScale + 16);

// A number without sign as 32-bit limbs, the highest first.
struct Magnitude {
  std::array<uint32_t, kMaxDecimalBytes / 4> limbs;
  size_t size = 0;
};

// Of a two's complement number of 1 to kMaxDecimalBytes.
Magnitude magnitude(std::string_view bytes, bool negative) {
  Magnitude number;
  number.size = (bytes.size() + 3) / 4;
  std::fill_n(number.limbs.begin(), number.size, negative ? UINT32_MAX : 0);
  for (size_t i = 0; i < bytes.size(); ++i) {
    uint32_t& limb = number.limbs[number.size - 1 - (bytes.size() - 1 - i) / 4];
    limb = (limb << 8) | static_cast<uint8_t>(bytes[i]);
  }
  if (!negative) return number;
  for (size_t i = number.size, carry = 1; i-- > 0;) {
    const uint64_t value = static_cast<uint64_t>(static_cast<uint32_t>(~number.limbs[i])) + carry;
    number.limbs[i] = static_cast<uint32_t>(value);
    carry = value >> 32;
  }
  return number;
}

// Writes the digits, uses up the number, and returns the end.
char* write_digits(char* out, Magnitude& number) {
  std::array<char, kMaxDigits + 9> digits;
  char* const end = digits.data() + digits.size();
  char* first = end;
  for (size_t top = 0; top < number.size;) {
    uint64_t rest = 0;
    for (size_t i = top; i < number.size; ++i) {
      const uint64_t value = (rest << 32) | number.limbs[i];
      number.limbs[i] = static_cast<uint32_t>(value / kGroup);
      rest = value % kGroup;
    }
    while (top < number.size && number.limbs[top] == 0) ++top;
    for (int i = 0; i < 9; ++i, rest /= 10) *--first = static_cast<char>('0' + rest % 10);
  }
  first = std::find_if(first, end, [](char c) { return c != '0'; });
  if (first == end) *--first = '0';
  return std::copy(first, end, out);
}

std::string_view without_sign_extension(std::string_view bytes) {
  while (bytes.size() > 1) {
    const auto first = static_cast<uint8_t>(bytes[0]);
    const bool next_negative = static_cast<uint8_t>(bytes[1]) >= 0x80;
    if (!((first == 0x00 && !next_negative) || (first == 0xff && next_negative))) break;
    bytes.remove_prefix(1);
  }
  return bytes;
}

// Big-endian two's complement of a decimal number, as short as it can be.
std::string to_twos_complement(std::string_view digits, bool negative) {
  std::string bytes(1, '\0');  // the lowest first
  for (size_t i = 0; i < digits.size();) {
    uint32_t group = 0;
    uint32_t factor = 1;
    for (; i < digits.size() && factor < kGroup; ++i, factor *= 10) {
      group = group * 10 + static_cast<uint32_t>(digits[i] - '0');
    }
    uint64_t carry = group;
    for (char& byte : bytes) {
      carry += static_cast<uint64_t>(static_cast<uint8_t>(byte)) * factor;
      byte = static_cast<char>(carry);
      carry >>= 8;
    }
    for (; carry != 0; carry >>= 8) bytes += static_cast<char>(carry);
  }
  bytes += '\0';  // room for the sign
  if (negative) {
    unsigned carry = 1;
    for (char& byte : bytes) {
      carry += static_cast<uint8_t>(~byte);
      byte = static_cast<char>(carry);
      carry >>= 8;
    }
  }
  std::reverse(bytes.begin(), bytes.end());
  return std::string(without_sign_extension(bytes));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A decimal's text taken apart: digits without point and leading zeros ("" is 0), and its scale.
struct DecimalDigits {
  bool negative = false;
  std::string digits;
  int32_t scale = 0;
};

Result<DecimalDigits> scan_decimal(std::string_view text) {
  const auto malformed = [&] { return fail(ErrorCode::kInvalidArgument, "expected a decimal such as \"12.34\""); };
  DecimalDigits number;
  size_t i = 0;
  const auto at = [&](size_t p) { return p < text.size() ? text[p] : '\0'; };
  if (at(i) == '-' || at(i) == '+') number.negative = text[i++] == '-';
  size_t count = 0;
  int64_t scale = 0;
  for (bool point = false; is_digit(at(i)) || (at(i) == '.' && !point); ++i) {
    if (text[i] == '.') {
      point = true;
      continue;
    }
    ++count;
    if (point) ++scale;
    if (text[i] != '0' || !number.digits.empty()) number.digits += text[i];
  }
  if (count == 0 || text[i - 1] == '.') return malformed();
  if (at(i) == 'e' || at(i) == 'E') {
    ++i;
    const bool negative = at(i) == '-';
    if (negative || at(i) == '+') ++i;
    int64_t exponent = 0;
    const size_t first = i;
    for (; is_digit(at(i)) && i - first < 11; ++i) exponent = exponent * 10 + (text[i] - '0');
    if (i == first) return malformed();
    scale -= negative ? -exponent : exponent;
  }
  if (i != text.size()) return malformed();
  if (number.digits.size() > kMaxDigits || scale != static_cast<int32_t>(scale)) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("this decimal has more than {} digits", kMaxDigits));
  }
  number.scale = static_cast<int32_t>(scale);
  return number;
}

Decimal to_decimal(const DecimalDigits& number) {
  return {.unscaled = to_twos_complement(number.digits, number.negative),
          .scale = number.scale,
          .precision = std::max<size_t>(number.digits.size(), 1)};
}

}  // namespace

bool is_shortest_unscaled(std::string_view bytes) {
  return !bytes.empty() && without_sign_extension(bytes).size() == bytes.size();
}

char* write_decimal(char* out, std::string_view unscaled, int32_t scale) {
  unscaled = without_sign_extension(unscaled);
  if (unscaled.size() > kMaxDecimalBytes) return nullptr;
  const bool negative = !unscaled.empty() && static_cast<uint8_t>(unscaled[0]) >= 0x80;
  if (negative) *out++ = '-';
  Magnitude number = magnitude(unscaled, negative);
  char* const start = out;
  out = write_digits(out, number);
  if (scale < 0 || scale > kMaxPlainScale) {
    *out++ = 'E';
    if (scale < 0) *out++ = '+';
    return std::to_chars(out, out + 12, -static_cast<int64_t>(scale)).ptr;
  }
  if (scale == 0) return out;
  // "5" at scale 2 is "0.05": zeros come before, until there is a digit before the point.
  const auto decimals = static_cast<size_t>(scale);
  if (const auto digits = static_cast<size_t>(out - start); digits <= decimals) {
    const size_t zeros = decimals + 1 - digits;
    out = std::copy_backward(start, out, out + zeros) + digits;
    std::fill_n(start, zeros, '0');
  }
  std::copy_backward(out - decimals, out, out + 1);
  *(out - decimals) = '.';
  return out + 1;
}

Result<Decimal> parse_decimal(std::string_view text) {
  Result<DecimalDigits> number = scan_decimal(text);
  if (!number) return fail(std::move(number.error()));
  return to_decimal(*number);
}

Result<Decimal> parse_decimal(std::string_view text, int precision, int scale) {
  Result<DecimalDigits> number = scan_decimal(text);
  if (!number) return fail(std::move(number.error()));
  std::string& digits = number->digits;
  while (number->scale > scale && (digits.empty() || digits.back() == '0')) {
    if (digits.empty()) {
      number->scale = scale;
      break;
    }
    digits.pop_back();
    --number->scale;
  }
  if (number->scale > scale) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("this decimal has {} decimals, and its schema's scale is {}", number->scale, scale));
  }
  const int64_t shift = static_cast<int64_t>(scale) - number->scale;
  if (!digits.empty()) {
    const int64_t needed = static_cast<int64_t>(digits.size()) + shift;
    if (needed > std::min<int64_t>(precision, kMaxDigits)) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("this decimal needs {} digits at scale {}, and its schema's precision is {}", needed,
                              scale, precision));
    }
    digits.append(static_cast<size_t>(shift), '0');
  }
  number->scale = scale;
  return to_decimal(*number);
}

bool split_big_decimal(std::string_view bytes, std::string_view& unscaled, int32_t& scale) {
  BinaryReader in(bytes);
  unscaled = in.read_bytes();
  scale = in.read_int();
  return !in.failed() && in.remaining() == 0 && !unscaled.empty();
}

std::string join_big_decimal(const Decimal& decimal) {
  std::string bytes;
  append_long(bytes, static_cast<int64_t>(decimal.unscaled.size()));
  bytes += decimal.unscaled;
  append_long(bytes, decimal.scale);
  return bytes;
}

}  // namespace omashu::avro
