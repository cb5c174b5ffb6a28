#include "sink/dynamodb/number_text.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>

#include "base/shown.h"

namespace omashu::sink::dynamodb {

namespace {

constexpr int64_t kMinExponent = -130;
constexpr int64_t kMaxExponent = 125;
constexpr size_t kMaxText = 8192;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number as digits without zeros at either end and the power of ten of the first of them.
struct Digits {
  size_t count = 0;  // 0: the number is zero
  int64_t exponent = 0;
};

// Nothing is allocated: only the places of the first and the last digit that is not zero matter.
bool read_digits(std::string_view text, Digits& digits) {
  size_t index = 0;  // of digits, the point left out
  size_t first = 0;  // not zero
  size_t last = 0;   // not zero
  size_t point = 0;  // digits before it
  bool has_point = false;
  bool is_zero = true;
  size_t at = 0;
  for (; at < text.size() && (is_digit(text[at]) || text[at] == '.'); ++at) {
    if (text[at] == '.') {
      if (has_point) return false;
      has_point = true;
      point = index;
      continue;
    }
    if (text[at] != '0') {
      if (is_zero) first = index;
      is_zero = false;
      last = index;
    }
    ++index;
  }
  if (index == 0) return false;
  if (!has_point) point = index;
  int64_t exponent = 0;
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return false;
    std::string_view rest = text.substr(at + 1);
    if (rest.starts_with('+')) rest.remove_prefix(1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
    if (error != std::errc() || end != rest.data() + rest.size()) return false;
    if (exponent < -1'000'000 || exponent > 1'000'000) exponent = exponent < 0 ? -1'000'000 : 1'000'000;
  }
  if (is_zero) return true;
  digits.count = last - first + 1;
  digits.exponent = exponent + static_cast<int64_t>(point) - static_cast<int64_t>(first) - 1;
  return true;
}

}  // namespace

Result<size_t> number_size(std::string_view text) {
  std::string_view unsigned_text = text;
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) unsigned_text.remove_prefix(1);
  Digits digits;
  if (text.size() > kMaxText || !read_digits(unsigned_text, digits)) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("DynamoDB has no number for {}", shown(text)));
  }
  if (digits.count > kMaxDigits) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} has {} significant digits, and DynamoDB's numbers have {}",
                                                         shown(text), digits.count, kMaxDigits));
  }
  if (digits.count > 0 && (digits.exponent < kMinExponent || digits.exponent > kMaxExponent)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{} is beyond DynamoDB's numbers, which lie between 1E{} and 1E{}", shown(text),
                            kMinExponent, kMaxExponent + 1));
  }
  return (digits.count + 1) / 2 + 1 + (is_negative ? 1 : 0);
}

}  // namespace omashu::sink::dynamodb
