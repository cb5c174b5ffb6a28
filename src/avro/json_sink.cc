#include "avro/json_sink.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "avro/logical_value.h"
#include "avro/number_text.h"
#include "avro/schema.h"
#include "avro/union_rule.h"
#include "base/base64.h"
#include "base/utf8.h"

namespace omashu::avro {

// ---- TextBuffer

TextBuffer::TextBuffer(std::string& out) : out_(out), start_(out.size()), end_(nullptr), limit_(nullptr) {
  out_.resize_and_overwrite(std::max(out_.capacity(), start_ + 256), [](char*, size_t size) { return size; });
  end_ = out_.data() + start_;
  limit_ = out_.data() + out_.size();
}

void TextBuffer::grow(size_t size) {
  const size_t used = this->size();
  out_.resize_and_overwrite(std::max(2 * out_.size(), used + size), [](char*, size_t bytes) { return bytes; });
  end_ = out_.data() + used;
  limit_ = out_.data() + out_.size();
}

void TextBuffer::finish() { out_.resize(size()); }
void TextBuffer::discard() { out_.resize(start_); }

// ---- strings

namespace {

constexpr uint64_t kOnes = 0x0101010101010101u;
constexpr uint64_t kHighs = 0x8080808080808080u;

// The high bit of each byte that JSON cannot carry as it is, or that is not ASCII. A byte after the first such one may
// be marked without need.
uint64_t special_bytes(uint64_t word) {
  const uint64_t control = word - kOnes * 0x20;
  const uint64_t quote = (word ^ kOnes * '"') - kOnes;
  const uint64_t backslash = (word ^ kOnes * '\\') - kOnes;
  return (control | quote | backslash | word) & kHighs;
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

}  // namespace

bool JsonSink::quoted(std::string_view utf8) {
  out_.need(6 * utf8.size() + 16);
  char* out = out_.end();
  *out++ = '"';
  const char* in = utf8.data();
  const char* const end = in + utf8.size();
  while (in != end) {
    if (end - in >= 8) {
      uint64_t word = 0;
      std::memcpy(&word, in, sizeof word);
      std::memcpy(out, &word, sizeof word);
      const uint64_t special = special_bytes(word);
      const auto plain = special == 0 ? 8 : std::countr_zero(special) / 8;
      in += plain;
      out += plain;
      if (special == 0) continue;
    }
    const auto c = static_cast<unsigned char>(*in);
    if (c < 0x80) {
      if (needs_escape(c)) {
        out = write_escape(out, c);
      } else {
        *out++ = *in;
      }
      ++in;
      continue;
    }
    const size_t length = utf8_character_length({in, static_cast<size_t>(end - in)});
    if (length == 0) return false;
    out = std::copy(in, in + length, out);
    in += length;
  }
  *out++ = '"';
  out_.advance_to(out);
  return true;
}

void JsonSink::bytes(const Op&, std::string_view value) {
  out_.need(6 * value.size() + 2);
  char* out = out_.end();
  *out++ = '"';
  for (const char byte : value) {
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
  out_.advance_to(out);
}

bool JsonSink::key(std::string_view key) {
  if (!quoted(key)) return false;
  out_.need(1);
  out_.put(':');
  return true;
}

bool JsonSink::enumeration(const Op& op, uint32_t index, const Program& program) {
  const uint32_t offset = program.tables[op.x + 2 * index];
  if (offset == Op::kNone) [[unlikely]]
    return false;
  const uint32_t size = program.tables[op.x + 2 * index + 1];
  out_.need(size);
  std::memcpy(out_.end(), literals_ + offset, size);
  out_.advance_to(out_.end() + size);
  return true;
}

// ---- numbers and their logical types

void JsonSink::integer(const Op&, int64_t value) {
  out_.advance_to(std::to_chars(out_.end(), out_.end() + kRoom, value).ptr);
}

void JsonSink::real(const Op&, double value) { out_.advance_to(write_double(out_.end(), value)); }
void JsonSink::real32(const Op&, float value) { out_.advance_to(write_float(out_.end(), value)); }

// A value without a text, such as a time of day beyond 24 hours, is written as what it is underneath.
void JsonSink::logical(const Op& op, int64_t value) {
  char* const start = out_.end();
  char* end = write_logical(start + 1, static_cast<LogicalType>(op.detail), value);
  if (end == nullptr) return integer(op, value);
  *start = '"';
  *end++ = '"';
  out_.advance_to(end);
}

// A value whose text would be read as other bytes (a decimal beyond its precision, or with more bytes than it needs) is
// written as bytes.
void JsonSink::logical(const Op& op, std::string_view value, const Program& program) {
  const auto type = static_cast<LogicalType>(op.detail);
  DecimalType decimal;
  if (type == LogicalType::kDecimal) {
    decimal = {.scale = static_cast<int32_t>(program.tables[op.x]),
               .precision = program.tables[op.x + 1],
               .is_fixed = op.code == OpCode::kFixedText};
  }
  out_.need(kMaxLogicalValueText + 2);
  char* const start = out_.end();
  char* end = write_logical(start + 1, type, value, decimal);
  if (end == nullptr) return base64(value);
  *start = '"';
  *end++ = '"';
  out_.advance_to(end);
}

void JsonSink::base64(std::string_view value) {
  const std::string text = R"({"base64":")" + to_base64(value) + R"("})";
  out_.need(text.size());
  out_.advance_to(std::copy(text.begin(), text.end(), out_.end()));
}

// ---- field order

// The last n marks are where the fields start, each with a comma before its name. They are written once more behind
// themselves, in the reader's order, and moved down over what was there.
void JsonSink::reorder(const Op& op, const Program& program) {
  const size_t* const starts = marks_.data() + marks_.size() - op.n;
  const size_t first = starts[0];
  const size_t end = out_.size();
  out_.need(end - first + kRoom);
  char* const data = out_.data();
  char* to = data + end;
  for (uint32_t i = 0; i < op.n; ++i) {
    const uint32_t field = program.tables[op.x + i];
    const size_t field_end = field + 1 < op.n ? starts[field + 1] : end;
    to = std::copy(data + starts[field], data + field_end, to);
  }
  std::memmove(data + first, data + end, end - first);
  data[first] = '{';
  marks_.resize(marks_.size() - op.n);
}

// ---- tags of unions

void JsonSink::tag_if_misread(const Op& op, const Program& program) {
  const uint32_t* const table = program.tables.data() + op.x;
  const size_t start = marks_.back();
  marks_.pop_back();
  const size_t end = out_.size();
  if (is_read_as(*program.unions[table[0]], op.n, {out_.data() + start, end - start})) return;
  const size_t tag_size = table[2];
  out_.need(tag_size + kRoom);
  char* const value = out_.data() + start;
  std::memmove(value + tag_size, value, end - start);
  std::memcpy(value, literals_ + table[1], tag_size);
  out_.advance_to(value + tag_size + (end - start));
  out_.put('}');
}

}  // namespace omashu::avro
