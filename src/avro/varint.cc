#include "avro/varint.h"

namespace omashu::avro {

Varint decode_varint_slowly(const char* begin, const char* end) {
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
