// Decimals as text: an unscaled integer, big-endian two's complement of any length, and a scale.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::avro {

// The longest unscaled value that has a text, in bytes without sign extension. Its 2,466 digits are far beyond any
// database's decimal; the cost of a text grows with the square of its length.
inline constexpr size_t kMaxDecimalBytes = 1024;

inline constexpr size_t kMaxDecimalText = 5'600;

// Writes "12.34" with exactly `scale` decimals, at most kMaxDecimalText bytes, and returns the end. A scale below 0 or
// above 3,000 becomes an exponent ("12E+5"). nullptr where the value is longer than kMaxDecimalBytes.
char* write_decimal(char* out, std::string_view unscaled, int32_t scale);

// Whether the number has no byte more than its two's complement needs, and one at least.
bool is_shortest_unscaled(std::string_view bytes);

struct Decimal {
  std::string unscaled;  // big-endian two's complement, as short as it can be
  int32_t scale = 0;
  size_t precision = 0;  // digits without leading zeros; 0 has one
};

// Parses [+-]digits[.digits][E[+-]digits]. The scale is that of the text: "1.50" has 2, "1E+3" has -3.
Result<Decimal> parse_decimal(std::string_view text);

// The same, brought to a schema's scale; fails where digits would be lost or there are more than `precision`.
Result<Decimal> parse_decimal(std::string_view text, int precision, int scale);

// The content of a big-decimal: the unscaled value as Avro bytes, then the scale as an Avro int. False where `bytes`
// is not that.
bool split_big_decimal(std::string_view bytes, std::string_view& unscaled, int32_t& scale);
std::string join_big_decimal(const Decimal& decimal);

}  // namespace omashu::avro
