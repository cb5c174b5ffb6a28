// Avro values as DynamoDB's attribute values, in the JSON of its API: {"S":"om-1"}. Pure.
//
//   null NULL; boolean BOOL; int, long, float, double, decimal N, without loss or not at all; string, enum, uuid,
//   duration S; bytes, fixed B; record, map M; array L, never a set: a set has no order, and drops what is there twice.
//   Dates, times of day and timestamps are S in ISO 8601, which sorts as they do, or N as they are counted.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "avro/datum.h"
#include "omashu/result.h"

namespace omashu::sink::dynamodb {

struct AttributeOptions {
  bool numeric_times = false;
};

inline constexpr size_t kMaxDepth = 32;  // of maps and lists in each other, as DynamoDB has it

// Appends the value, and answers the bytes that it counts for in an item (DynamoDB's "item sizes and formats"). An
// error is one of the value, and begins with its place in it ("source.sizes[3]: …").
Result<size_t> append_attribute(const avro::Datum& value, const AttributeOptions& options, std::string& out);

// The text of a value without parts, as an S has it; nothing for null, boolean, bytes, and what has parts.
std::optional<std::string> attribute_text(const avro::Datum& value);

// `{"S":"…"}` and its like.
void append_typed(std::string& out, char type, std::string_view text);

}  // namespace omashu::sink::dynamodb
