#include "broker/log/varint.h"

#include <algorithm>

namespace omashu::broker {

void append_varint(std::string& out, int64_t value) {
  uint64_t bits = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
  for (; bits > 0x7F; bits >>= 7) out += static_cast<char>(bits | 0x80);
  out += static_cast<char>(bits);
}

uint64_t VarintReader::longer_bits(size_t max_bytes) {
  uint64_t bits = 0;
  const size_t size = std::min(max_bytes, static_cast<size_t>(end_ - at_));
  for (size_t i = 0; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(at_[i]);
    bits |= uint64_t{byte & 0x7Fu} << (7 * i);
    if ((byte & 0x80) == 0) {
      at_ += i + 1;
      return bits;
    }
  }
  fail();
  return 0;
}

}  // namespace omashu::broker
