// Numbers as JSON; of floating point ones the shortest text that reads back as the same number.

#pragma once

#include <cstdint>
#include <string_view>

namespace omashu::avro {

// Writes at most 20 bytes and returns the end.
char* write_integer(char* out, int64_t value);

// Write at most 32 bytes and return the end. There is always a point or an exponent ("5.0"), so that a reader can tell
// a double from a long; what JSON has no number for is "NaN", "Infinity" and "-Infinity", quoted. A NaN of other bits
// than the usual ones shows them ("NaN(0xfff8000000000000)"), so that they come back.
char* write_double(char* out, double value);
char* write_float(char* out, float value);

// Those texts, without quotes. False for any other.
bool parse_special(std::string_view text, double& value);
bool parse_special(std::string_view text, float& value);

}  // namespace omashu::avro
