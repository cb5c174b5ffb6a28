#include "broker/protocol/wire_writer.h"

#include <cassert>

#include "broker/protocol/wire_reader.h"

namespace omashu::broker {

void append_unsigned_varint(std::string& out, uint32_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void append_string_length(std::string& out, size_t length, bool compact) {
  assert(length <= kMaxStringBytes);
  if (compact) return append_unsigned_varint(out, static_cast<uint32_t>(length + 1));
  append_integer(out, static_cast<int16_t>(length));
}

void append_bytes_length(std::string& out, size_t length, bool compact) {
  assert(length <= INT32_MAX);
  if (compact) return append_unsigned_varint(out, static_cast<uint32_t>(length + 1));
  append_integer(out, static_cast<int32_t>(length));
}

void append_null_string(std::string& out, bool compact) {
  if (compact) return append_unsigned_varint(out, 0);
  append_integer(out, int16_t{-1});
}

void append_null_bytes(std::string& out, bool compact) {
  if (compact) return append_unsigned_varint(out, 0);
  append_integer(out, int32_t{-1});
}

std::string_view as_wire_string(std::string_view text) {
  if (text.size() <= kMaxStringBytes) return text;
  size_t end = kMaxStringBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // amid a character of UTF-8
  return text.substr(0, end);
}

}  // namespace omashu::broker
