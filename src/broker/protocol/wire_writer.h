// The primitives of Kafka's wire format, appended to a string.

#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace omashu::broker {

template <std::integral Int>
void append_integer(std::string& out, Int value) {
  const Int big_endian = std::byteswap(value);
  out.append(reinterpret_cast<const char*>(&big_endian), sizeof(Int));
}

void append_unsigned_varint(std::string& out, uint32_t value);

// The length before a string, and before bytes or an array. `compact` is the form of flexible versions.
void append_string_length(std::string& out, size_t length, bool compact);
void append_bytes_length(std::string& out, size_t length, bool compact);
void append_null_string(std::string& out, bool compact);
void append_null_bytes(std::string& out, bool compact);

// As much of a text as a string on the wire can hold: whole characters of the first 32767 bytes.
std::string_view as_wire_string(std::string_view text);

}  // namespace omashu::broker
