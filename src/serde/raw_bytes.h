// The one place in which Confluent's serializers leave the Avro encoding: where the whole schema is `bytes` (a logical
// type on it included), Java, Python and JavaScript send the bytes alone, without the length that Avro puts before
// them. Go's sends the length. The two cannot be told apart by their bytes (06 01 02 03 is both three bytes with a
// length and four without), so a reader takes the majority's form unless it is told otherwise.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "avro/schema.h"

namespace omashu::serde {

enum class TopLevelBytes : uint8_t {
  kRaw,         // as Java, Python and JavaScript
  kWithLength,  // as Go, and plain Avro
};

inline bool is_top_level_bytes(const avro::Schema& schema) { return schema.root().type == avro::Type::kBytes; }

// Puts Avro's length before raw bytes.
std::string with_length(std::string_view raw);

// Takes the length that stands at `position` out again: what follows it is one Avro `bytes` datum.
void remove_length(std::string& out, size_t position);

}  // namespace omashu::serde
