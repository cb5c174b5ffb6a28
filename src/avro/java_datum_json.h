// A datum as the JSON that Avro Java's JsonEncoder writes, byte for byte: Java's spelling of numbers and escapes, and
// its HashMap's order of maps. What Confluent's console consumer prints. Decoder::to_json gives the same values faster.

#pragma once

#include <string>
#include <string_view>

#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::avro {

struct JavaJsonOptions {
  // Values of logical types go through Java's objects (BigDecimal, UUID, Instant) and come back.
  bool use_logical_type_converters = false;
};

// Appends the datum that `bytes` begins with; what follows it is passed over. A union at the top prints without the
// tag of its branch, as Confluent's formatter has it, which asks the value for its schema. kCorrupt, and nothing
// appended, where the bytes do not decode, or Java would have no object for a value.
Result<void> append_java_json(const Schema& schema, std::string_view bytes, const JavaJsonOptions& options,
                              std::string& out);

// A string as Jackson quotes it: \u001F in capitals, and characters beyond the Basic Multilingual Plane as two escapes.
// What is not UTF-8 becomes U+FFFD.
void append_java_quoted(std::string& out, std::string_view utf8);

// The text of `new String(bytes, UTF_8)`: what is not UTF-8 becomes U+FFFD.
std::string as_java_string(std::string_view bytes);

}  // namespace omashu::avro
