#include "avro/json_string.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/json_block.h"
#include "base/utf8.h"

namespace omashu::avro {

namespace {

template <class Word>
Word load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

template <class Word>
void store(char* to, Word word) {
  std::memcpy(to, &word, sizeof word);
}

char* write_escape(char* out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  *out++ = '\\';
  switch (c) {
    case '"': *out++ = '"'; return out;
    case '\\': *out++ = '\\'; return out;
    case '\b': *out++ = 'b'; return out;
    case '\f': *out++ = 'f'; return out;
    case '\n': *out++ = 'n'; return out;
    case '\r': *out++ = 'r'; return out;
    case '\t': *out++ = 't'; return out;
    default: break;
  }
  for (const char digit : {'u', '0', '0', kHex[c >> 4], kHex[c & 15]}) *out++ = digit;
  return out;
}

bool needs_escape(unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; }

// Writes each byte by itself; those above 0x7f as they are.
char* write_bytewise(char* out, const char* in, const char* end) {
  for (; in != end; ++in) {
    if (needs_escape(static_cast<unsigned char>(*in))) {
      out = write_escape(out, static_cast<unsigned char>(*in));
    } else {
      *out++ = *in;
    }
  }
  return out;
}

// Of 4 to 15 bytes: copies them by two words that overlap; false where one needs an escape.
template <class Word>
bool copy_plain(char* out, const char* in, size_t size, bool& is_ascii) {
  const auto first = load<Word>(in);
  const auto last = load<Word>(in + size - sizeof(Word));
  if ((json::mark_special_in_word(first) | json::mark_special_in_word(last)) & Word(0x8080808080808080u)) return false;
  is_ascii = ((first | last) & Word(0x8080808080808080u)) == 0;
  store(out, first);
  store(out + size - sizeof(Word), last);
  return true;
}

// Writes what stands between the quotes. `is_ascii` is false where a byte is above 0x7f, and maybe where none is.
char* write_content(char* out, std::string_view utf8, size_t readable, bool& is_ascii) {
  const char* in = utf8.data();
  const char* const end = in + utf8.size();
  if (utf8.size() < json::kBlockBytes && readable >= json::kBlockBytes) [[likely]] {
    const json::BlockMarks marks = json::mark_block(in);
    const uint32_t own = (uint32_t{1} << utf8.size()) - 1;
    is_ascii = (marks.non_ascii & own) == 0;
    std::memcpy(out, in, json::kBlockBytes);
    return (marks.special & own) == 0 ? out + utf8.size() : write_bytewise(out, in, end);
  }
  if (utf8.size() < json::kBlockBytes) {
    const bool copied = utf8.size() >= 8   ? copy_plain<uint64_t>(out, in, utf8.size(), is_ascii)
                        : utf8.size() >= 4 ? copy_plain<uint32_t>(out, in, utf8.size(), is_ascii)
                                           : false;
    if (copied) return out + utf8.size();
    is_ascii = omashu::is_ascii(utf8);
    return write_bytewise(out, in, end);
  }
  uint32_t non_ascii = 0;
  bool escaped = false;
  while (end - in >= static_cast<std::ptrdiff_t>(json::kBlockBytes)) {
    const json::BlockMarks marks = json::mark_block(in);
    std::memcpy(out, in, json::kBlockBytes);
    non_ascii |= marks.non_ascii;
    if (marks.special == 0) [[likely]] {
      in += json::kBlockBytes;
      out += json::kBlockBytes;
      continue;
    }
    const int plain = std::countr_zero(marks.special);
    in += plain;
    out = write_escape(out + plain, static_cast<unsigned char>(*in++));
    escaped = true;
  }
  const auto left = static_cast<size_t>(end - in);
  // The last block may overlap the one before it, where that stands in the output as it is.
  const char* const last = end - json::kBlockBytes;
  const json::BlockMarks marks = json::mark_block(last);
  is_ascii = (non_ascii | marks.non_ascii) == 0;
  if (escaped || (marks.special >> (json::kBlockBytes - left)) != 0) return write_bytewise(out, in, end);
  std::memcpy(out + left - json::kBlockBytes, last, json::kBlockBytes);
  return out + left;
}

}  // namespace

char* write_json_string(char* out, std::string_view utf8, size_t readable) {
  bool is_ascii = true;
  *out = '"';
  out = write_content(out + 1, utf8, readable, is_ascii);
  if (!is_ascii && !is_valid_multibyte_utf8(utf8)) [[unlikely]]
    return nullptr;
  *out = '"';
  return out + 1;
}

char* write_json_bytes(char* out, std::string_view bytes) {
  *out++ = '"';
  for (const char byte : bytes) {
    const auto c = static_cast<unsigned char>(byte);
    if (c >= 0x80) {
      *out++ = static_cast<char>(0xc0 | (c >> 6));
      *out++ = static_cast<char>(0x80 | (c & 0x3f));
    } else if (needs_escape(c)) {
      out = write_escape(out, c);
    } else {
      *out++ = byte;
    }
  }
  *out++ = '"';
  return out;
}

}  // namespace omashu::avro
