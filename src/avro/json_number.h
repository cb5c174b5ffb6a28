// Numbers of JSON texts, for the encoder that gives up at what is rare.

#pragma once

#include <cstdint>

namespace omashu::avro {

// Both read the number that `text` begins with, as JSON spells numbers, and return the end, or nullptr where there is
// none or it does not fit. What comes behind it is not looked at, but for what would belong to the number.

// A whole number without point and exponent.
const char* read_json_integer(const char* text, const char* end, int64_t& value);

// The nearest double or float. nullptr too where the number is out of range, or so small that it is none of them.
const char* read_json_real(const char* text, const char* end, double& value);
const char* read_json_real(const char* text, const char* end, float& value);

}  // namespace omashu::avro
