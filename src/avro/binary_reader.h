// A cursor over one Avro datum. The first failure sticks: after it nothing can be read, every call returns zero or
// nothing, and one check of failed() covers all that went before.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "avro/varint.h"

namespace omashu::avro {

// Why a datum does not decode.
enum class Failure : uint8_t {
  kNone,
  kTruncated,
  kVarintTooLong,
  kIntRange,
  kBoolean,
  kLength,  // of a string, bytes or a block: negative, or more than is left
  kUtf8,
  kEnumIndex,
  kUnknownSymbol,  // the reader's enum neither has the symbol nor a default
  kBranchIndex,
  kItemCount,  // more items than the bytes left could hold
  kTooDeep,
  kTooMuch,   // values that take no bytes, or memory for the result
  kMismatch,  // a union branch that the reader's schema cannot take
  kTrailingBytes,
};

// All of it is inlined, so that a reader which nobody points to lives in registers.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view bytes)
      : begin_(bytes.data()), position_(begin_), end_(begin_ + bytes.size()) {}

  [[gnu::always_inline]] int64_t read_long() {
    if (position_ != end_) [[likely]] {
      const auto byte = static_cast<uint8_t>(*position_);
      if (byte < 0x80) [[likely]] {
        ++position_;
        return zigzag_decode(byte);
      }
    }
    const Varint varint = decode_varint(position_, end_);
    if (varint.size == 0) [[unlikely]] {
      fail(varint.too_long ? Failure::kVarintTooLong : Failure::kTruncated);
      return 0;
    }
    position_ += varint.size;
    return zigzag_decode(varint.bits);
  }

  [[gnu::always_inline]] int32_t read_int() {
    const char* start = position_;
    const int64_t value = read_long();
    if (value != static_cast<int32_t>(value)) [[unlikely]] {
      position_ = start;
      fail(Failure::kIntRange);
      return 0;
    }
    return static_cast<int32_t>(value);
  }

  // An index below `count`: of an enum's symbol, or a union's branch. 0 where it fails.
  [[gnu::always_inline]] uint32_t read_index(uint32_t count, Failure failure) {
    const char* start = position_;
    const auto index = static_cast<uint64_t>(read_long());
    if (index >= count) [[unlikely]] {
      position_ = start;
      fail(failure);
      return 0;
    }
    return static_cast<uint32_t>(index);
  }

  [[gnu::always_inline]] float read_float() { return read_raw<float>(); }
  [[gnu::always_inline]] double read_double() { return read_raw<double>(); }

  [[gnu::always_inline]] bool read_boolean() {
    const auto byte = read_raw<uint8_t>();
    if (byte > 1) [[unlikely]] {
      --position_;
      fail(Failure::kBoolean);
      return false;
    }
    return byte == 1;
  }

  // Bytes with their length before them. The view is into the datum.
  [[gnu::always_inline]] std::string_view read_bytes() {
    const char* start = position_;
    const uint64_t length = read_length();
    if (length > remaining()) [[unlikely]] {
      position_ = start;
      fail(Failure::kLength);
      return {};
    }
    return take(length);
  }

  [[gnu::always_inline]] std::string_view read_fixed(size_t size) {
    if (size > remaining()) [[unlikely]] {
      fail(Failure::kTruncated);
      return {};
    }
    return take(size);
  }

  const char* position() const { return position_; }
  size_t remaining() const { return static_cast<size_t>(end_ - position_); }
  size_t offset() const { return static_cast<size_t>(position_ - begin_); }

  bool failed() const { return failure_ != Failure::kNone; }
  Failure failure() const { return failure_; }
  [[gnu::always_inline]] void fail(Failure failure) {
    if (failure_ == Failure::kNone) failure_ = failure;
    end_ = position_;
  }

  // Fails at what has been read since `position`.
  [[gnu::always_inline]] void fail_at(const char* position, Failure failure) {
    position_ = position;
    fail(failure);
  }

 private:
  // As read_long, where two bytes are as likely as one: lengths up to 8191.
  [[gnu::always_inline]] uint64_t read_length() {
    if (remaining() >= 2) [[likely]] {
      const auto first = static_cast<uint8_t>(position_[0]);
      if (first < 0x80) {
        ++position_;
        return static_cast<uint64_t>(zigzag_decode(first));
      }
      const auto second = static_cast<uint8_t>(position_[1]);
      if (second < 0x80) [[likely]] {
        position_ += 2;
        return static_cast<uint64_t>(zigzag_decode((first & 0x7fu) | static_cast<uint64_t>(second) << 7));
      }
    }
    return static_cast<uint64_t>(read_long());
  }

  template <class T>
  [[gnu::always_inline]] T read_raw() {
    T value{};
    if (sizeof value > remaining()) [[unlikely]] {
      fail(Failure::kTruncated);
      return T{};
    }
    std::memcpy(&value, position_, sizeof value);
    position_ += sizeof value;
    return value;
  }

  [[gnu::always_inline]] std::string_view take(size_t size) {
    const std::string_view bytes(position_, size);
    position_ += size;
    return bytes;
  }

  const char* begin_;
  const char* position_;
  const char* end_;
  Failure failure_ = Failure::kNone;
};

}  // namespace omashu::avro
