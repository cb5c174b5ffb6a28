#include "broker/protocol/wire_reader.h"

namespace omashu::broker {

uint32_t WireReader::unsigned_varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    const auto byte = integer<uint8_t>();
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) {
      if (value > UINT32_MAX) break;
      return static_cast<uint32_t>(value);
    }
  }
  fail("a varint goes beyond 32 bits");
  return 0;
}

std::optional<size_t> WireReader::bounded(int64_t length) {
  if (length == -1 && ok()) return std::nullopt;
  if (length < 0) fail("a length is negative");
  if (length > static_cast<int64_t>(remaining())) fail("a length goes beyond the bytes that are there");
  return ok() ? static_cast<size_t>(length) : 0;
}

std::optional<size_t> WireReader::string_length(bool compact) {
  const auto length = bounded(compact ? int64_t{unsigned_varint()} - 1 : integer<int16_t>());
  if (length > kMaxStringBytes) {
    fail("a string has more than 32767 bytes");
    return 0;
  }
  return length;
}

std::optional<size_t> WireReader::bytes_length(bool compact) {
  return bounded(compact ? int64_t{unsigned_varint()} - 1 : integer<int32_t>());
}

std::optional<size_t> WireReader::array_length(bool compact) {
  const auto length = bytes_length(compact);
  if (length > elements_left_) {
    fail("its arrays have more than a million elements");
    return 0;
  }
  elements_left_ -= length.value_or(0);
  return length;
}

void WireReader::skip_tagged_fields() {
  for (uint32_t left = unsigned_varint(); left > 0 && ok(); --left) {
    unsigned_varint();  // the tag
    take(unsigned_varint());
  }
}

void WireReader::fail(const char* what) {
  if (!ok()) return;
  failure_ = what;
  size_ = position();
  rest_ = {};
}

}  // namespace omashu::broker
