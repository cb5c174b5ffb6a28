// Numbers as Java's libraries spell them, for texts that must equal theirs.

#pragma once

#include <string>
#include <string_view>

namespace omashu::avro {

// The double nearest to a number spelled as JSON has it; beyond the range, an infinity or a zero.
double double_of_spelling(std::string_view spelling);

// Java's Double.toString as JSON: 1.0, 1.0E7, 0.001, 1.0E-4; "NaN" and "Infinity" in quotes. The digits are the
// shortest that name the double, as Java writes since version 19; earlier versions sometimes wrote one more.
std::string java_double_text(double value);

// The same of Float.toString, for the float nearest to `value`.
std::string java_float_text(double value);

// How Jackson writes a JSON number that it has read: whole numbers as they were, others as java_double_text.
std::string java_number_text(std::string_view spelling);

}  // namespace omashu::avro
