// A float as a double and back to the same float. A conversion by the processor would change a signaling NaN into a
// quiet one; Avro's four bytes of a float may hold either.

#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace omashu::avro {

// The mantissa of a double is 29 bits longer than that of a float.
constexpr int kExtraMantissaBits = 29;

inline double widen(float value) {
  if (!std::isnan(value)) return value;
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint64_t sign = uint64_t{bits >> 31} << 63;
  const uint64_t mantissa = uint64_t{bits & 0x7f'ffff} << kExtraMantissaBits;
  return std::bit_cast<double>(sign | uint64_t{0x7ff} << 52 | mantissa);
}

// `value` is what widen() gave.
inline float narrow(double value) {
  if (!std::isnan(value)) return static_cast<float>(value);
  const uint64_t bits = std::bit_cast<uint64_t>(value);
  const auto sign = static_cast<uint32_t>(bits >> 63) << 31;
  const auto mantissa = static_cast<uint32_t>(bits >> kExtraMantissaBits) & 0x7f'ffff;
  return std::bit_cast<float>(sign | uint32_t{0xff} << 23 | mantissa);
}

}  // namespace omashu::avro
