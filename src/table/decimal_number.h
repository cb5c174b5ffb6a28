// Decimal numbers of any size, exactly.

#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace omashu::table {

__extension__ using Int128 = __int128;
__extension__ using UnsignedInt128 = unsigned __int128;

struct DecimalNumber {
  bool is_negative = false;
  std::string digits;  // without leading zeros; "" is 0
  int64_t scale = 0;   // how many of them stand behind the point; below 0, zeros follow them
};

// Of an unscaled value, big-endian two's complement. False where it is too long to be written.
bool read_decimal_number(std::string_view unscaled, int32_t scale, DecimalNumber& number);
DecimalNumber decimal_number(Int128 value);

std::strong_ordering compare(const DecimalNumber& a, const DecimalNumber& b);

// At the larger of the two scales. The scales must not be further than 10,000 apart.
DecimalNumber add(const DecimalNumber& a, const DecimalNumber& b);

// To six decimals more than the number has, the last of them rounded half away from zero; zeros at the end beyond the
// number's own scale are left out. `divisor` is above 0.
DecimalNumber divide(const DecimalNumber& number, uint64_t divisor);

// "-12.50": exactly `scale` decimals.
std::string to_text(const DecimalNumber& number);

}  // namespace omashu::table
