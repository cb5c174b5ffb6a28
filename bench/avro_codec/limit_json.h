// Straight-line JSON in Avro's form, out of the binary datum and back into it, with the members in the schema's order.

#pragma once

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "bench/avro_codec/limit_decode.h"
#include "bench/avro_codec/limit_encode.h"

namespace omashu::bench {

// The name of a type as a union's branch.
template <class T>
constexpr std::string_view branch_name() {
  if constexpr (std::is_same_v<T, std::string_view>) return "string";
  if constexpr (std::is_same_v<T, int64_t>) return "long";
  if constexpr (std::is_same_v<T, int32_t>) return "int";
  if constexpr (std::is_same_v<T, double>) return "double";
  if constexpr (Record<T>) return T::name;
}
template <class T>
  requires requires { T::index; }
constexpr std::string_view branch_name() {
  return []<class Symbols>(Enum<Symbols>*) { return Symbols::name; }(static_cast<T*>(nullptr));
}

// ---- out

[[gnu::always_inline]] inline char* put(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

[[gnu::noinline]] inline char* put_escape(char* out, unsigned char c) {
  constexpr std::string_view kShort = "btn\0fr";
  if (c == '"' || c == '\\') return put(out, {c == '"' ? "\\\"" : "\\\\", 2});
  if (c >= 8 && c <= 13 && c != 11) {
    *out++ = '\\';
    *out++ = kShort[c - 8u];
    return out;
  }
  out = put(out, "\\u00");
  *out++ = "01"[c >> 4];
  *out++ = "0123456789abcdef"[c & 15];
  return out;
}

[[gnu::always_inline]] inline char* put_string(char* out, std::string_view text) {
  *out++ = '"';
#if defined(__AVX512BW__) && defined(__BMI2__)
  const char* in = text.data();
  for (size_t left = text.size(); left > 0;) {
    const size_t step = left < 64 ? left : 64;
    const __mmask64 there = _bzhi_u64(~uint64_t{0}, static_cast<unsigned>(step));
    const __m512i bytes = _mm512_maskz_loadu_epi8(there, in);
    const __mmask64 special = _mm512_mask_cmplt_epu8_mask(there, bytes, _mm512_set1_epi8(0x20)) |
                              _mm512_mask_cmpeq_epi8_mask(there, bytes, _mm512_set1_epi8('"')) |
                              _mm512_mask_cmpeq_epi8_mask(there, bytes, _mm512_set1_epi8('\\'));
    _mm512_storeu_si512(out, bytes);
    const size_t plain = special == 0 ? step : static_cast<size_t>(std::countr_zero(special));
    in += plain, out += plain, left -= plain;
    if (special == 0) continue;
    out = put_escape(out, static_cast<unsigned char>(*in));
    ++in, --left;
  }
#else
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\') {
      out = put_escape(out, static_cast<unsigned char>(c));
    } else {
      *out++ = c;
    }
  }
#endif
  *out++ = '"';
  return out;
}

inline char* put_bytes(char* out, std::string_view bytes) {
  *out++ = '"';
  for (const char byte : bytes) {
    const auto c = static_cast<unsigned char>(byte);
    if (c >= 0x80) {
      *out++ = static_cast<char>(0xc0 | c >> 6);
      *out++ = static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x20 || c == '"' || c == '\\') {
      out = put_escape(out, c);
    } else {
      *out++ = byte;
    }
  }
  *out++ = '"';
  return out;
}

// Each reads a value of type T and writes it; nullptr where the datum is wrong.
template <class T>
struct ToJson;

template <class T>
[[gnu::always_inline]] inline char* to_json(Input& in, char* out) {
  return ToJson<T>::convert(in, out);
}

template <>
struct ToJson<std::string_view> {
  [[gnu::always_inline]] static char* convert(Input& in, char* out) {
    std::string_view text;
    return read(in, text) ? put_string(out, text) : nullptr;
  }
};
template <>
struct ToJson<BytesOf<std::string_view>> {
  static char* convert(Input& in, char* out) {
    std::string_view bytes;
    return read_view(in, bytes) ? put_bytes(out, bytes) : nullptr;
  }
};
template <>
struct ToJson<std::array<char, 16>> {
  static char* convert(Input& in, char* out) {
    std::array<char, 16> bytes;
    return read(in, bytes) ? put_bytes(out, {bytes.data(), 16}) : nullptr;
  }
};
template <class T>
  requires std::is_integral_v<T> || std::is_floating_point_v<T>
struct ToJson<T> {
  [[gnu::always_inline]] static char* convert(Input& in, char* out) {
    T value = 0;
    if (!read(in, value)) return nullptr;
    if constexpr (std::is_same_v<T, bool>) {
      return value ? put(out, "true") : put(out, "false");
    } else {
      return std::to_chars(out, out + 32, value).ptr;
    }
  }
};
template <class Symbols>
struct ToJson<Enum<Symbols>> {
  // Each symbol in quotes, in 16 bytes.
  struct Quoted {
    char text[16];
    uint8_t size;
  };
  static constexpr auto kQuoted = [] {
    std::array<Quoted, Symbols::names.size()> all{};
    for (size_t i = 0; i < all.size(); ++i) {
      const std::string_view symbol = Symbols::names[i];
      all[i].text[0] = '"';
      for (size_t j = 0; j < symbol.size(); ++j) all[i].text[j + 1] = symbol[j];
      all[i].text[symbol.size() + 1] = '"';
      all[i].size = static_cast<uint8_t>(symbol.size() + 2);
    }
    return all;
  }();
  [[gnu::always_inline]] static char* convert(Input& in, char* out) {
    Enum<Symbols> value;
    if (!read(in, value)) return nullptr;
    std::memcpy(out, kQuoted[value.index].text, 16);
    return out + kQuoted[value.index].size;
  }
};

template <class T>
[[gnu::always_inline]] inline char* tagged_to_json(Input& in, char* out) {
  out = put(put(put(out, "{\""), branch_name<T>()), "\":");
  out = to_json<T>(in, out);
  return out == nullptr ? nullptr : put(out, "}");
}
template <class T>
struct ToJson<std::optional<T>> {
  [[gnu::always_inline]] static char* convert(Input& in, char* out) {
    uint64_t branch = 0;
    if (!read_small(in, branch) || branch > 1) return nullptr;
    return branch == 0 ? put(out, "null") : tagged_to_json<T>(in, out);
  }
};
template <class... T>
struct ToJson<std::variant<std::monostate, T...>> {
  static char* convert(Input& in, char* out) {
    uint64_t branch = 0;
    if (!read_small(in, branch)) return nullptr;
    if (branch == 0) return put(out, "null");
    char* end = nullptr;
    uint64_t index = 0;
    ((++index == branch && (end = tagged_to_json<T>(in, out), true)) || ...);
    return end;
  }
};
template <class T>
struct ToJson<Span<T>> {
  static constexpr bool kIsMap = requires { T::key; };
  static char* convert(Input& in, char* out) {
    *out++ = kIsMap ? '{' : '[';
    for (bool first = true;;) {
      uint64_t count = 0;
      if (!read_count(in, count)) return nullptr;
      if (count == 0) break;
      for (; count > 0; --count) {
        if (!std::exchange(first, false)) *out++ = ',';
        if constexpr (kIsMap) {
          out = to_json<std::string_view>(in, out);
          if (out == nullptr) return nullptr;
          *out++ = ':';
          out = to_json<decltype(T::value)>(in, out);
        } else {
          out = to_json<T>(in, out);
        }
        if (out == nullptr) return nullptr;
      }
    }
    *out++ = kIsMap ? '}' : ']';
    return out;
  }
};
template <Record T>
struct ToJson<T> {
  [[gnu::always_inline]] static char* convert(Input& in, char* out) {
    char separator = '{';
    each_field<T>([&](auto field) __attribute__((always_inline)) {
      *out++ = std::exchange(separator, ',');
      *out++ = '"';
      out = put(put(out, field.name), "\":");
      using Value = std::remove_reference_t<decltype(std::declval<T&>().*field.member)>;
      out = to_json<Value>(in, out);
      return out != nullptr;
    });
    return out == nullptr ? nullptr : put(out, "}");
  }
};

// ---- in

struct JsonInput {
  const char* at;
  const char* end;

  size_t left() const { return static_cast<size_t>(end - at); }
};

[[gnu::always_inline]] inline bool expect(JsonInput& in, std::string_view text) {
  if (in.left() < text.size() || std::memcmp(in.at, text.data(), text.size()) != 0) return false;
  in.at += text.size();
  return true;
}

[[gnu::always_inline]] inline const char* plain_end(JsonInput in) {
#if defined(__AVX512BW__) && defined(__BMI2__)
  for (; in.at < in.end; in.at += 64) {
    const __mmask64 there = _bzhi_u64(~uint64_t{0}, static_cast<unsigned>(in.left() < 64 ? in.left() : 64));
    const __m512i bytes = _mm512_maskz_loadu_epi8(there, in.at);
    const __mmask64 special = _mm512_mask_cmplt_epu8_mask(there, bytes, _mm512_set1_epi8(0x20)) |
                              _mm512_mask_cmpeq_epi8_mask(there, bytes, _mm512_set1_epi8('"')) |
                              _mm512_mask_cmpeq_epi8_mask(there, bytes, _mm512_set1_epi8('\\'));
    if (special != 0) return in.at + std::countr_zero(special);
  }
  return in.end;
#else
  while (in.at < in.end && static_cast<unsigned char>(*in.at) >= 0x20 && *in.at != '"' && *in.at != '\\') ++in.at;
  return in.at;
#endif
}

[[gnu::noinline]] inline bool unescape(JsonInput& in, std::string& text) {
  text.clear();
  while (in.at < in.end && *in.at != '"') {
    if (*in.at != '\\') {
      text += *in.at++;
      continue;
    }
    if (in.left() < 2) return false;
    const char c = in.at[1];
    in.at += 2;
    if (c == 'u') {
      unsigned value = 0;
      if (in.left() < 4 || std::from_chars(in.at, in.at + 4, value, 16).ptr != in.at + 4) return false;
      in.at += 4;
      text += static_cast<char>(value);  // write_escape has no others than control characters
    } else {
      constexpr std::string_view kFrom = "bfnrt", kTo = "\b\f\n\r\t";
      const size_t known = kFrom.find(c);
      text += known == std::string_view::npos ? c : kTo[known];
    }
  }
  return in.at++ < in.end;
}

// Text between quotes; a view of it, or of `storage` where it has escapes.
[[gnu::always_inline]] inline bool parse_text(JsonInput& in, std::string_view& text, std::string& storage) {
  if (in.left() < 2 || *in.at != '"') return false;
  const char* const end = plain_end({in.at + 1, in.end});
  if (end == in.end) return false;
  ++in.at;
  if (*end == '"') [[likely]] {
    text = {in.at, static_cast<size_t>(end - in.at)};
    in.at = end + 1;
    return is_utf8(text);
  }
  if (!unescape(in, storage)) return false;
  text = storage;
  return is_utf8(text);
}

inline bool parse_bytes(JsonInput& in, std::string& bytes) {
  std::string_view text;
  std::string storage;
  if (!parse_text(in, text, storage)) return false;
  bytes.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    bytes += c < 0x80 ? text[i] : static_cast<char>(c << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f));
  }
  return true;
}

// Each reads a value of type T and writes it as a datum; nullptr where the text is wrong.
template <class T>
struct FromJson;
template <class T>
[[gnu::always_inline]] inline char* from_json(JsonInput& in, char* out) {
  return FromJson<T>::convert(in, out);
}

template <>
struct FromJson<std::string_view> {
  [[gnu::always_inline]] static char* convert(JsonInput& in, char* out) {
    static thread_local std::string storage;
    std::string_view text;
    return parse_text(in, text, storage) ? write(out, text) : nullptr;
  }
};
template <>
struct FromJson<BytesOf<std::string_view>> {
  static char* convert(JsonInput& in, char* out) {
    std::string bytes;
    return parse_bytes(in, bytes) ? write(out, bytes) : nullptr;
  }
};
template <>
struct FromJson<std::array<char, 16>> {
  static char* convert(JsonInput& in, char* out) {
    std::string bytes;
    return parse_bytes(in, bytes) && bytes.size() == 16 ? copy_text(out, bytes.data(), 16) : nullptr;
  }
};
template <class T>
  requires std::is_integral_v<T> || std::is_floating_point_v<T>
struct FromJson<T> {
  [[gnu::always_inline]] static char* convert(JsonInput& in, char* out) {
    if constexpr (std::is_same_v<T, bool>) {
      return expect(in, "true") ? write(out, true) : expect(in, "false") ? write(out, false) : nullptr;
    } else {
      T value = 0;
      const auto [end, error] = std::from_chars(in.at, in.end, value);
      if (error != std::errc()) return nullptr;
      in.at = end;
      return write(out, value);
    }
  }
};
template <class Symbols>
struct FromJson<Enum<Symbols>> {
  [[gnu::always_inline]] static char* convert(JsonInput& in, char* out) {
    // Eight bytes tell the symbols of these schemas apart.
    constexpr auto kHeads = [] {
      std::array<uint64_t, Symbols::names.size()> heads{};
      for (size_t i = 0; i < heads.size(); ++i) {
        for (size_t j = 0; j < std::min<size_t>(7, Symbols::names[i].size() + 1); ++j) {
          const char c = j == Symbols::names[i].size() ? '"' : Symbols::names[i][j];
          heads[i] |= static_cast<uint64_t>(static_cast<unsigned char>(c)) << (8 * j);
        }
      }
      return heads;
    }();
    if (in.left() < 9 || *in.at != '"') return nullptr;
    uint64_t head;
    std::memcpy(&head, in.at + 1, 8);
    for (size_t i = 0; i < kHeads.size(); ++i) {
      const size_t size = Symbols::names[i].size();
      const uint64_t mask = (uint64_t{1} << 8 * std::min<size_t>(7, size + 1)) - 1;
      if ((head & mask) != kHeads[i]) continue;
      JsonInput ahead{in.at + 1, in.end};
      if (!expect(ahead, Symbols::names[i]) || !expect(ahead, "\"")) continue;
      in = ahead;
      return write_long(out, static_cast<int64_t>(i));
    }
    return nullptr;
  }
};

template <class T>
[[gnu::always_inline]] inline char* tagged_from_json(JsonInput& in, char* out) {
  if (!expect(in, branch_name<T>()) || !expect(in, "\":")) return nullptr;
  out = from_json<T>(in, out);
  return out != nullptr && expect(in, "}") ? out : nullptr;
}
template <class T>
struct FromJson<std::optional<T>> {
  [[gnu::always_inline]] static char* convert(JsonInput& in, char* out) {
    if (expect(in, "null")) return write_long(out, 0);
    return expect(in, "{\"") ? tagged_from_json<T>(in, write_long(out, 1)) : nullptr;
  }
};
template <class... T>
struct FromJson<std::variant<std::monostate, T...>> {
  static char* convert(JsonInput& in, char* out) {
    if (expect(in, "null")) return write_long(out, 0);
    if (!expect(in, "{\"")) return nullptr;
    char* end = nullptr;
    int64_t index = 0;
    const auto is_next = [&](std::string_view name) {
      return in.left() > name.size() && std::memcmp(in.at, name.data(), name.size()) == 0 && in.at[name.size()] == '"';
    };
    ((++index, is_next(branch_name<T>()) && (end = tagged_from_json<T>(in, write_long(out, index)), true)) || ...);
    return end;
  }
};
template <class T>
struct FromJson<Span<T>> {
  static constexpr bool kIsMap = requires { T::key; };
  static char* convert(JsonInput& in, char* out) {
    constexpr std::string_view kOpen = kIsMap ? "{" : "[", kClose = kIsMap ? "}" : "]";
    if (!expect(in, kOpen)) return nullptr;
    if (expect(in, kClose)) {
      *out = 0;
      return out + 1;
    }
    char* const start = out++;  // a count of one byte, as these schemas have it
    int64_t count = 0;
    do {
      ++count;
      if constexpr (kIsMap) {
        out = from_json<std::string_view>(in, out);
        if (out == nullptr || !expect(in, ":")) return nullptr;
        out = from_json<decltype(T::value)>(in, out);
      } else {
        out = from_json<T>(in, out);
      }
      if (out == nullptr) return nullptr;
    } while (expect(in, ","));
    if (count > 63 || !expect(in, kClose)) return nullptr;
    write_long(start, count);
    *out = 0;
    return out + 1;
  }
};
template <Record T>
struct FromJson<T> {
  [[gnu::always_inline]] static char* convert(JsonInput& in, char* out) {
    std::string_view separator = "{\"";
    each_field<T>([&](auto field) __attribute__((always_inline)) {
      if (!expect(in, std::exchange(separator, ",\"")) || !expect(in, field.name) || !expect(in, "\":")) {
        out = nullptr;
        return false;
      }
      using Value = std::remove_reference_t<decltype(std::declval<T&>().*field.member)>;
      out = from_json<Value>(in, out);
      return out != nullptr;
    });
    return out != nullptr && expect(in, "}") ? out : nullptr;
  }
};

}  // namespace omashu::bench
