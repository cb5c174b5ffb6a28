// Values of logical types as text, by their type: what logical_text.h and decimal_text.h do for each.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "avro/decimal_text.h"
#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::avro {

inline constexpr size_t kMaxLogicalValueText = kMaxDecimalText;

// Of an int or long, at most 64 bytes; the end, or nullptr where this type, or this value of it, has no text.
char* write_logical(char* out, LogicalType type, int64_t value);

// What a decimal's schema says of it.
struct DecimalType {
  int32_t scale = 0;
  uint32_t precision = UINT32_MAX;  // the most digits that have a text
  bool is_fixed = true;             // else a number with more bytes than it needs has no text
};

// Of bytes, at most kMaxLogicalValueText. nullptr as above.
char* write_logical(char* out, LogicalType type, std::string_view value, const DecimalType& decimal);

// The other way; `type` is an int or long.
Result<int64_t> parse_logical_integer(const Node& type, std::string_view text);

// `type` is bytes or fixed; what is returned are a fixed's bytes, or those that come after a bytes' length.
Result<std::string> parse_logical_bytes(const Node& type, std::string_view text);

}  // namespace omashu::avro
