// The variable-length integers inside records: seven bits a byte, the lowest first, zig-zag for the sign. At most 5
// bytes for 32 bits, 10 for 64.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace omashu::broker {

void append_varint(std::string& out, int64_t value);

// Reads what nobody vouches for. An error sticks: what is read after it is zero or empty, so that one check at the end
// is enough. The way of each record goes through here: what is short is inline.
class VarintReader {
 public:
  explicit VarintReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return is_ok_; }
  std::string_view rest() const { return {at_, static_cast<size_t>(end_ - at_)}; }

  int32_t varint() { return static_cast<int32_t>(zigzag_decode(bits(5) & 0xFFFFFFFF)); }
  int64_t varlong() { return zigzag_decode(bits(10)); }

  std::string_view take(size_t size) {
    if (size > static_cast<size_t>(end_ - at_)) [[unlikely]] {
      fail();
      return {};
    }
    const std::string_view taken(at_, size);
    at_ += size;
    return taken;
  }

  // Bytes after their length, which is a varint: -1 where there are none.
  std::optional<std::string_view> bytes() {
    const int32_t length = varint();
    if (length >= 0) return take(static_cast<size_t>(length));
    if (length < -1) fail();
    return std::nullopt;
  }

 private:
  static int64_t zigzag_decode(uint64_t bits) {
    return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
  }

  // Nearly always one byte or two.
  uint64_t bits(size_t max_bytes) {
    if (at_ == end_) return longer_bits(max_bytes);
    const auto first = static_cast<unsigned char>(at_[0]);
    if (first < 0x80) {
      ++at_;
      return first;
    }
    if (end_ - at_ < 2 || (at_[1] & 0x80) != 0) return longer_bits(max_bytes);
    at_ += 2;
    return (first & 0x7Fu) | uint64_t{static_cast<unsigned char>(at_[-1])} << 7;
  }
  uint64_t longer_bits(size_t max_bytes);

  void fail() {
    is_ok_ = false;
    at_ = end_;
  }

  const char* at_;
  const char* end_;
  bool is_ok_ = true;
};

}  // namespace omashu::broker
