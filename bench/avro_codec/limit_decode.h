// Straight-line decoding for one schema: after inlining there is no op, no table and no call for a field that a
// compiler could leave out. It is as fast as code for one schema gets, and built for the machine that it runs on; what
// it is not is general. Every length and number is checked, and every text is UTF-8 (limit_utf8.h).

#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>

#include "bench/avro_codec/limit_utf8.h"
#include "bench/avro_codec/records.h"

#if defined(__BMI2__)
#include <immintrin.h>
#endif

namespace omashu::bench {

// Gives memory out in order and takes it back all at once.
class Bump {
 public:
  void reset() { next_ = memory_.get(); }
  template <class T>
  T* allocate(size_t count) {
    const size_t size = (count * sizeof(T) + 15) & ~size_t{15};
    if (size > static_cast<size_t>(memory_.get() + kBytes - next_)) throw std::bad_alloc();
    return reinterpret_cast<T*>(std::exchange(next_, next_ + size));
  }

 private:
  static constexpr size_t kBytes = size_t{1} << 20;
  std::unique_ptr<char[]> memory_ = std::make_unique_for_overwrite<char[]>(kBytes);
  char* next_ = memory_.get();
};

struct Input {
  const char* at;
  const char* end;
  Bump* bump;

  size_t left() const { return static_cast<size_t>(end - at); }
};

[[gnu::noinline]] inline bool read_varint_bytewise(Input& in, uint64_t& bits) {
  bits = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (in.at == in.end) return false;
    const auto byte = static_cast<uint8_t>(*in.at++);
    bits |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return shift < 63 || byte < 2;
  }
  return false;
}

[[gnu::always_inline]] inline bool read_long(Input& in, int64_t& value) {
  uint64_t bits = 0;
#if defined(__BMI2__)
  if (in.left() >= 8) [[likely]] {
    uint64_t word;
    std::memcpy(&word, in.at, 8);
    const uint64_t stop = ~word & 0x8080808080808080u;
    if (stop != 0) [[likely]] {
      bits = _pext_u64(word & (stop ^ (stop - 1)), 0x7f7f7f7f7f7f7f7fu);
      in.at += (__builtin_ctzll(stop) >> 3) + 1;
      value = static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
      return true;
    }
  }
#endif
  if (!read_varint_bytewise(in, bits)) return false;
  value = static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
  return true;
}

// A number that has one byte nearly always.
[[gnu::always_inline]] inline bool read_small(Input& in, uint64_t& value) {
  if (in.at != in.end && static_cast<uint8_t>(*in.at) < 0x80) [[likely]] {
    const auto byte = static_cast<uint8_t>(*in.at++);
    value = (byte & 1) != 0 ? UINT64_MAX : byte >> 1;
    return true;
  }
  int64_t number = 0;
  if (!read_long(in, number)) return false;
  value = static_cast<uint64_t>(number);
  return true;
}

[[gnu::always_inline]] inline bool read_raw(Input& in, void* to, size_t size) {
  if (in.left() < size) return false;
  std::memcpy(to, in.at, size);
  in.at += size;
  return true;
}

[[gnu::always_inline]] inline bool read_view(Input& in, std::string_view& value) {
  uint64_t size = 0;
  if (!read_small(in, size) || size > in.left()) return false;
  value = {in.at, size};
  in.at += size;
  return true;
}

[[gnu::always_inline]] inline bool read(Input& in, std::string_view& value) {
  return read_view(in, value) && is_utf8(value);
}
[[gnu::always_inline]] inline bool read(Input& in, std::string& value) {
  std::string_view view;
  if (!read(in, view)) return false;
  value.assign(view);
  return true;
}
template <class Text>
[[gnu::always_inline]] inline bool read(Input& in, BytesOf<Text>& value) {
  std::string_view view;
  if (!read_view(in, view)) return false;
  value.bytes = view;
  return true;
}
[[gnu::always_inline]] inline bool read(Input& in, int64_t& value) { return read_long(in, value); }
[[gnu::always_inline]] inline bool read(Input& in, int32_t& value) {
  int64_t number = 0;
  if (!read_long(in, number) || number != static_cast<int32_t>(number)) return false;
  value = static_cast<int32_t>(number);
  return true;
}
[[gnu::always_inline]] inline bool read(Input& in, double& value) { return read_raw(in, &value, sizeof value); }
[[gnu::always_inline]] inline bool read(Input& in, float& value) { return read_raw(in, &value, sizeof value); }
[[gnu::always_inline]] inline bool read(Input& in, std::array<char, 16>& value) { return read_raw(in, &value, 16); }
[[gnu::always_inline]] inline bool read(Input& in, bool& value) {
  uint8_t byte = 0;
  if (!read_raw(in, &byte, 1) || byte > 1) return false;
  value = byte == 1;
  return true;
}
template <class Symbols>
[[gnu::always_inline]] inline bool read(Input& in, Enum<Symbols>& value) {
  uint64_t index = 0;
  if (!read_small(in, index) || index >= Symbols::names.size()) return false;
  value.index = static_cast<uint8_t>(index);
  return true;
}

template <Record T>
[[gnu::always_inline]] inline bool read(Input& in, T& value) {
  return each_field<T>([&](auto field) __attribute__((always_inline)) { return read(in, value.*field.member); });
}

template <class T>
[[gnu::always_inline]] inline bool read(Input& in, std::optional<T>& value) {
  uint64_t branch = 0;
  if (!read_small(in, branch) || branch > 1) return false;
  if (branch == 0) {
    value.reset();
    return true;
  }
  if (!value) value.emplace();
  return read(in, *value);
}

template <class Text, class T>
[[gnu::always_inline]] inline bool read(Input& in, Entry<Text, T>& entry) {
  return read(in, entry.key) && read(in, entry.value);
}

// Every item of these schemas takes a byte at least.
[[gnu::always_inline]] inline bool read_count(Input& in, uint64_t& count) {
  int64_t number = 0;
  if (in.at != in.end && (*in.at & 0x81) == 0) [[likely]] {
    number = *in.at++ >> 1;
  } else if (!read_long(in, number)) {
    return false;
  }
  count = static_cast<uint64_t>(number);
  if (number < 0) [[unlikely]] {
    uint64_t size = 0;
    if (!read_small(in, size)) return false;
    count = 0 - count;
  }
  return count <= in.left();
}

template <class T>
[[gnu::always_inline]] inline bool read_items(Input& in, T* items, uint64_t count) {
  if constexpr (std::is_same_v<T, double>) {
    return in.left() / sizeof(double) >= count && read_raw(in, items, count * sizeof(double));
  } else {
    for (uint64_t i = 0; i < count; ++i) {
      if (!read(in, items[i])) return false;
    }
    return true;
  }
}

template <class T>
inline bool read(Input& in, Span<T>& value) {
  value = {};
  for (;;) {
    uint64_t count = 0;
    if (!read_count(in, count)) return false;
    if (count == 0) return true;
    T* const items = in.bump->allocate<T>(value.count + count);
    std::copy_n(value.items, value.count, items);
    if constexpr (!std::is_same_v<T, double>) std::uninitialized_default_construct_n(items + value.count, count);
    if (!read_items(in, items + value.count, count)) return false;
    value = {items, value.count + count};
  }
}

template <class T>
inline bool read(Input& in, std::vector<T>& value) {
  size_t read_so_far = 0;
  for (;;) {
    uint64_t count = 0;
    if (!read_count(in, count)) return false;
    if (count == 0) {
      value.resize(read_so_far);
      return true;
    }
    if (value.size() < read_so_far + count) value.resize(read_so_far + count);
    if (!read_items(in, value.data() + read_so_far, count)) return false;
    read_so_far += count;
  }
}

template <class... T>
inline bool read(Input& in, std::variant<T...>& value) {
  uint64_t branch = 0;
  if (!read_small(in, branch) || branch >= sizeof...(T)) return false;
  const auto read_branch = [&]<size_t I>() {
    if constexpr (I == 0) {
      value.template emplace<0>();
      return true;
    } else {
      if (value.index() != I) value.template emplace<I>();
      return read(in, *std::get_if<I>(&value));
    }
  };
  bool done = false;
  [&]<size_t... I>(std::index_sequence<I...>) {
    ((branch == I && (done = read_branch.template operator()<I>(), true)) || ...);
  }(std::make_index_sequence<sizeof...(T)>());
  return done;
}

}  // namespace omashu::bench
