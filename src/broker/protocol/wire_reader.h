// The primitives of Kafka's wire format, read from bytes that nobody vouches for. An error sticks: what is read after
// it is zero or empty, so that reads stay straight and one check at the end is enough.

#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace omashu::broker {

inline constexpr size_t kMaxStringBytes = 0x7FFF;  // also where the length could say more: Kafka's clients hold to it
inline constexpr size_t kMaxElements = 1'000'000;  // in all arrays that one reader reads: an element of a few bytes is
                                                   // a struct of a hundred when it is read

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}

  template <std::integral Int>
  Int integer() {
    const std::string_view raw = take(sizeof(Int));
    if (raw.empty()) return 0;
    Int value;
    std::memcpy(&value, raw.data(), sizeof(Int));
    return std::byteswap(value);
  }

  uint32_t unsigned_varint();

  std::string_view take(size_t size) {
    if (size > rest_.size()) {
      fail("it ends too early");
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  // Lengths of strings, of bytes and of arrays: absent for null, and never more than the bytes that remain (an element
  // of an array takes at least one). `compact` is the form of flexible versions.
  std::optional<size_t> string_length(bool compact);
  std::optional<size_t> bytes_length(bool compact);
  std::optional<size_t> array_length(bool compact);

  void skip_tagged_fields();

  void fail(const char* what);

  bool ok() const { return failure_ == nullptr; }
  const char* failure() const { return failure_; }  // what is wrong, at the position; nullptr where nothing is
  size_t position() const { return size_ - rest_.size(); }
  size_t remaining() const { return rest_.size(); }
  std::string_view rest() const { return rest_; }

 private:
  std::optional<size_t> bounded(int64_t length);

  std::string_view rest_;
  size_t size_;
  size_t elements_left_ = kMaxElements;
  const char* failure_ = nullptr;
};

}  // namespace omashu::broker
