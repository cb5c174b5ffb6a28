#include "table/store/ordered_bytes.h"

#include <bit>
#include <cmath>
#include <limits>

#include "table/typed_operand.h"

namespace omashu::table {

namespace {

constexpr uint64_t kSignBit = uint64_t{1} << 63;
constexpr size_t kNumberBytes = 10;  // a double, and what an integer has beyond it

constexpr char kNegative = 0, kZero = 1, kPositive = 2;
constexpr unsigned char kEndOfNegative = 0xff;  // so that of two that begin alike the longer one is smaller
constexpr unsigned char kZeroExponent = 0x80;

std::string of_kind(OrderedKind kind) { return std::string(1, static_cast<char>(kind)); }

std::string cut(std::string ordered) {
  if (ordered.size() > kMaxOrderedBytes) ordered.resize(kMaxOrderedBytes + 1);
  return ordered;
}

void append_big_endian(std::string& out, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

uint64_t read_big_endian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// Zeros at the end are left out: what is missing sorts as they would.
std::string number(double floor, uint64_t rest) {
  const auto bits = std::bit_cast<uint64_t>(floor == 0 ? 0.0 : floor);
  std::string ordered = of_kind(OrderedKind::kNumber);
  append_big_endian(ordered, (bits & kSignBit) != 0 ? ~bits : bits | kSignBit, 8);
  append_big_endian(ordered, rest, 2);
  ordered.resize(ordered.find_last_not_of('\0') + 1);
  return ordered;
}

int significant_bytes(uint64_t value) { return static_cast<int>((std::bit_width(value) + 7) / 8); }

// A first byte that tells sign and length, and as many bytes as it takes.
void append_exponent(std::string& out, int64_t exponent) {
  const bool is_negative = exponent < 0;
  const auto size = static_cast<uint64_t>(is_negative ? -(exponent + 1) : exponent);
  const int bytes = significant_bytes(size);
  out += static_cast<char>(is_negative ? kZeroExponent - 1 - bytes : kZeroExponent + bytes);
  append_big_endian(out, is_negative ? ~size : size, bytes);
}

std::optional<int64_t> read_exponent(std::string_view& bytes) {
  if (bytes.empty()) return std::nullopt;
  const int first = static_cast<unsigned char>(bytes.front());
  const bool is_negative = first < kZeroExponent;
  const int count = is_negative ? kZeroExponent - 1 - first : first - kZeroExponent;
  if (count > 8 || bytes.size() < 1 + static_cast<size_t>(count)) return std::nullopt;
  uint64_t size = read_big_endian(bytes.substr(1, static_cast<size_t>(count)));
  if (is_negative) size = ~size & (count == 8 ? UINT64_MAX : (uint64_t{1} << (8 * count)) - 1);
  bytes.remove_prefix(1 + static_cast<size_t>(count));
  if (size >> 62 != 0) return std::nullopt;
  return is_negative ? -static_cast<int64_t>(size) - 1 : static_cast<int64_t>(size);
}

void invert(std::string& bytes, size_t from) {
  for (size_t i = from; i < bytes.size(); ++i) bytes[i] = static_cast<char>(~bytes[i]);
}

}  // namespace

std::string ordered_null() { return of_kind(OrderedKind::kNull); }
std::string ordered_boolean(bool value) { return of_kind(value ? OrderedKind::kTrue : OrderedKind::kFalse); }

std::string ordered_number(int64_t value) {
  auto floor = static_cast<double>(value);
  if (compare_numbers(value, floor) < 0) floor = std::nextafter(floor, -std::numeric_limits<double>::infinity());
  return number(floor, static_cast<uint64_t>(value) - static_cast<uint64_t>(static_cast<int64_t>(floor)));
}

std::string ordered_number(double value) {
  return number(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value, 0);
}

// The power of ten of the first digit, then the digits in pairs, from 1 on.
std::string ordered_decimal(const DecimalNumber& value) {
  std::string ordered = of_kind(OrderedKind::kDecimal);
  const size_t digits = value.digits.find_last_not_of('0') + 1;  // 0 where there are none
  if (digits == 0) return ordered + kZero;
  ordered += value.is_negative ? kNegative : kPositive;
  const size_t start = ordered.size();
  append_exponent(ordered, static_cast<int64_t>(value.digits.size()) - value.scale);
  for (size_t i = 0; i < digits; i += 2) {
    const int second = i + 1 < digits ? value.digits[i + 1] - '0' : 0;
    ordered += static_cast<char>(1 + 10 * (value.digits[i] - '0') + second);
  }
  if (value.is_negative) {
    invert(ordered, start);
    ordered += static_cast<char>(kEndOfNegative);
  }
  return cut(std::move(ordered));
}

std::string ordered_bytes(OrderedKind kind, std::string_view bytes) {
  std::string ordered = of_kind(kind);
  ordered += bytes.substr(0, kMaxOrderedBytes);
  return ordered;
}

bool is_cut(std::string_view ordered) { return ordered.size() > kMaxOrderedBytes; }

std::string begin_of(OrderedKind kind) { return of_kind(kind); }
std::string end_of(OrderedKind kind) { return std::string(1, static_cast<char>(static_cast<unsigned char>(kind) + 1)); }

std::optional<OrderedKind> kind_of(std::string_view ordered) {
  if (ordered.empty()) return std::nullopt;
  const auto kind = static_cast<OrderedKind>(static_cast<unsigned char>(ordered.front()));
  switch (kind) {
    case OrderedKind::kNull:
    case OrderedKind::kFalse:
    case OrderedKind::kTrue:
    case OrderedKind::kNumber:
    case OrderedKind::kDecimal:
    case OrderedKind::kText:
    case OrderedKind::kBytes:
    case OrderedKind::kUuid:
    case OrderedKind::kOther: return kind;
  }
  return std::nullopt;
}

std::optional<OrderedNumber> read_ordered_number(std::string_view ordered) {
  if (kind_of(ordered) != OrderedKind::kNumber || ordered.size() > 1 + kNumberBytes) return std::nullopt;
  std::string bytes(ordered.substr(1));
  bytes.resize(kNumberBytes);
  const uint64_t bits = read_big_endian(std::string_view(bytes).substr(0, 8));
  return OrderedNumber{.floor = std::bit_cast<double>((bits & kSignBit) != 0 ? bits & ~kSignBit : ~bits),
                       .rest = static_cast<uint16_t>(read_big_endian(std::string_view(bytes).substr(8)))};
}

std::optional<DecimalNumber> read_ordered_decimal(std::string_view ordered) {
  if (kind_of(ordered) != OrderedKind::kDecimal || ordered.size() < 2) return std::nullopt;
  const char sign = ordered[1];
  std::string content(ordered.substr(2));
  if (sign == kZero && content.empty()) return DecimalNumber{};
  if (sign != kNegative && sign != kPositive) return std::nullopt;
  DecimalNumber value{.is_negative = sign == kNegative, .digits = "", .scale = 0};
  if (value.is_negative) {
    if (!content.empty() && static_cast<unsigned char>(content.back()) == kEndOfNegative) content.pop_back();
    invert(content, 0);
  }
  std::string_view rest = content;
  const auto exponent = read_exponent(rest);
  if (!exponent || rest.empty()) return std::nullopt;
  for (const char c : rest) {
    const int pair = static_cast<unsigned char>(c) - 1;
    if (pair < 0 || pair > 99) return std::nullopt;
    value.digits += static_cast<char>('0' + pair / 10);
    value.digits += static_cast<char>('0' + pair % 10);
  }
  value.scale = static_cast<int64_t>(value.digits.size()) - *exponent;
  return value;
}

}  // namespace omashu::table
