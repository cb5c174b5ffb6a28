// What becomes of a logical type's value when Avro Java turns it into an object (BigDecimal, UUID, LocalTime) and that
// into a value again, as avro.use.logical.type.converters has it. Private to this folder.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::avro {

// Of bytes, fixed and string. Most stay as they are; decimals lose the bytes that they do not need, and UUIDs become
// lower case. An error where Java has no such object.
Result<std::string> convert_as_java(const Node& node, std::string_view value);

// Of int and long: nothing changes, but a time of day must be one.
Result<void> check_as_java(const Node& node, int64_t value);

}  // namespace omashu::avro
