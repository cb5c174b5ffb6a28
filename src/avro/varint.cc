#include "avro/varint.h"

namespace omashu::avro {

namespace {

// The bytes of a text of 4 to 7, and zeros behind them.
uint64_t load_word(const char* begin, size_t size) {
  uint32_t first = 0;
  uint32_t last = 0;
  std::memcpy(&first, begin, sizeof first);
  std::memcpy(&last, begin + size - sizeof last, sizeof last);
  return first | static_cast<uint64_t>(last) << (8 * (size - sizeof last));
}

}  // namespace

Varint decode_varint_slowly(const char* begin, const char* end) {
  // The last field of a record, mostly.
  const auto left = static_cast<size_t>(end - begin);
  if (left >= 4 && left < 8) {
    const Varint varint = decode_varint_of_word(load_word(begin, left));
    return varint.size <= left ? varint : Varint();  // the zeros end it where the bytes do not
  }
  Varint varint;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const char* next = begin + shift / 7;
    if (next == end) return {};
    const auto byte = static_cast<uint8_t>(*next);
    if (shift == 63 && byte > 1) break;  // the tenth byte has room for one bit
    varint.bits |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      varint.size = shift / 7 + 1;
      return varint;
    }
  }
  return {.bits = 0, .size = 0, .too_long = true};
}

}  // namespace omashu::avro
