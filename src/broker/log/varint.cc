#include "broker/log/varint.h"

namespace omashu::broker {

namespace {

std::optional<uint64_t> take_bits(std::string_view& bytes, size_t most_bytes) {
  uint64_t bits = 0;
  for (size_t i = 0; i < most_bytes && i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    bits |= uint64_t{byte & 0x7Fu} << (7 * i);
    if ((byte & 0x80) == 0) {
      bytes.remove_prefix(i + 1);
      return bits;
    }
  }
  return std::nullopt;
}

int64_t zigzag_decode(uint64_t bits) { return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1); }

}  // namespace

std::optional<int64_t> take_varlong(std::string_view& bytes) {
  const auto bits = take_bits(bytes, 10);
  if (!bits) return std::nullopt;
  return zigzag_decode(*bits);
}

std::optional<int32_t> take_varint(std::string_view& bytes) {
  const auto bits = take_bits(bytes, 5);
  if (!bits) return std::nullopt;
  return static_cast<int32_t>(zigzag_decode(*bits & 0xFFFFFFFF));
}

void append_varint(std::string& out, int64_t value) {
  uint64_t bits = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
  for (; bits > 0x7F; bits >>= 7) out += static_cast<char>(bits | 0x80);
  out += static_cast<char>(bits);
}

}  // namespace omashu::broker
