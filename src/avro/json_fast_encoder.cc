#include "avro/json_fast_encoder.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "avro/copy_bytes.h"
#include "avro/json_number.h"
#include "avro/logical_text.h"
#include "avro/logical_value.h"
#include "avro/program.h"
#include "avro/union_rule.h"
#include "avro/varint.h"
#include "base/json_block.h"
#include "base/utf8.h"

namespace omashu::avro {

bool JsonFastEncoder::run() {
  const size_t start = out_.size();
  const auto whole = [](char*, size_t size) { return size; };
  out_.resize_and_overwrite(std::max(out_.capacity(), start + rest().size() + 64), whole);
  to_ = out_.data() + start;
  limit_ = out_.data() + out_.size();
  bool done = value(0);
  if (done) skip_space();
  // JsonEncoder has the words for too many items that take no bytes.
  done = done && at_ == end_ && empty_items_ <= max_empty_items(written() - start);
  out_.resize(done ? written() : start);
  return done;
}

// Ends behind the value.
bool JsonFastEncoder::value(uint32_t index) {
  const EncodeNode& node = plan_.nodes[index];
  const Node& type = *node.schema;
  skip_space();
  switch (type.type) {
    case Type::kNull: return skip("null");
    case Type::kBoolean: {
      const bool is_true = skip("true");
      if (!is_true && !skip("false")) return false;
      need(1);
      *to_++ = is_true ? '\1' : '\0';
      return true;
    }
    case Type::kInt:
    case Type::kLong: return integer(type);
    case Type::kFloat: return real<float>();
    case Type::kDouble: return real<double>();
    case Type::kString: return string(type);
    case Type::kBytes:
    case Type::kFixed: return bytes(type);
    case Type::kEnum: return enumeration(node);
    case Type::kUnion: return union_value(node);
    default: break;
  }
  if (depth_ == kMaxNesting) return false;
  ++depth_;
  const bool done = type.type == Type::kRecord ? record(node) : type.type == Type::kMap ? map(node) : array(node);
  --depth_;
  return done;
}

// ---- numbers

bool JsonFastEncoder::integer(const Node& type) {
  int64_t number = 0;
  if (peek() == '"') {
    Quoted text;
    if (type.logical_type == LogicalType::kNone || !quoted(text) || text.escaped) return false;
    const auto parsed = parse_logical_integer(type, text.raw);
    if (!parsed) return false;
    number = *parsed;
  } else {
    at_ = read_json_integer(at_, end_, number);
    if (at_ == nullptr) return false;
  }
  if (type.type == Type::kInt && number != static_cast<int32_t>(number)) return false;
  put_long(number);
  return true;
}

template <class T>
bool JsonFastEncoder::real() {
  T number = 0;
  at_ = read_json_real(at_, end_, number);
  if (at_ == nullptr) return false;
  need(sizeof number);
  std::memcpy(to_, &number, sizeof number);
  to_ += sizeof number;
  return true;
}

// ---- strings, bytes and symbols

// Ends behind the closing quote. The text is UTF-8, its escapes are not looked at.
bool JsonFastEncoder::quoted(Quoted& text) {
  if (!skip('"')) return false;
  const char* const start = at_;
  uint32_t non_ascii = 0;
  for (;;) {
    json::BlockMarks marks;
    if (end_ - at_ >= static_cast<std::ptrdiff_t>(json::kBlockBytes)) {
      marks = json::mark_block(at_);
    } else {
      if (at_ == end_) return false;
      char last[json::kBlockBytes] = {};  // zeros are special
      std::memcpy(last, at_, static_cast<size_t>(end_ - at_));
      marks = json::mark_block(last);
    }
    if (marks.special == 0) {
      non_ascii |= marks.non_ascii;
      at_ += json::kBlockBytes;
      continue;
    }
    const int plain = std::countr_zero(marks.special);
    non_ascii |= marks.non_ascii & ((uint32_t{1} << plain) - 1);
    at_ += plain;
    if (at_ == end_) return false;
    if (*at_ == '"') break;
    if (*at_ != '\\' || end_ - at_ < 2) return false;
    text.escaped = true;
    at_ += 2;
  }
  text.raw = {start, static_cast<size_t>(at_ - start)};
  ++at_;
  return non_ascii == 0 || is_valid_multibyte_utf8(text.raw);
}

// Writes at most as many bytes as `raw` has and returns the end; nullptr where it gives up, at a surrogate at last.
char* JsonFastEncoder::unescape(std::string_view raw, char* to) {
  const char* in = raw.data();
  const char* const end = in + raw.size();
  while (in != end) {
    if (*in != '\\') {
      *to++ = *in++;
      continue;
    }
    // quoted() has seen that something follows.
    const char c = in[1];
    in += 2;
    switch (c) {
      case '"':
      case '\\':
      case '/': *to++ = c; continue;
      case 'b': *to++ = '\b'; continue;
      case 'f': *to++ = '\f'; continue;
      case 'n': *to++ = '\n'; continue;
      case 'r': *to++ = '\r'; continue;
      case 't': *to++ = '\t'; continue;
      case 'u': break;
      default: return nullptr;
    }
    uint32_t unit = 0;
    if (end - in < 4 || std::from_chars(in, in + 4, unit, 16).ptr != in + 4) return nullptr;
    in += 4;
    if (unit >= 0xd800 && unit < 0xe000) return nullptr;
    if (unit < 0x80) {
      *to++ = static_cast<char>(unit);
    } else if (unit < 0x800) {
      *to++ = static_cast<char>(0xc0 | unit >> 6);
      *to++ = static_cast<char>(0x80 | (unit & 0x3f));
    } else {
      *to++ = static_cast<char>(0xe0 | unit >> 12);
      *to++ = static_cast<char>(0x80 | (unit >> 6 & 0x3f));
      *to++ = static_cast<char>(0x80 | (unit & 0x3f));
    }
  }
  return to;
}

bool JsonFastEncoder::string(const Node& type) {
  Quoted text;
  if (!quoted(text)) return false;
  if (type.logical_type == LogicalType::kUuid && form_ == JsonForm::kPlain) {
    if (text.escaped || !parse_uuid(text.raw)) return false;
  }
  if (!text.escaped) [[likely]] {
    put_long(static_cast<int64_t>(text.raw.size()));
    put(text.raw);
    return true;
  }
  // Behind the most that its length can take; then moved to the length.
  need(kMaxVarintBytes + text.raw.size());
  char* const start = to_ + kMaxVarintBytes;
  const char* const end = unescape(text.raw, start);
  if (end == nullptr) return false;
  const auto size = static_cast<size_t>(end - start);
  to_ = write_varint(to_, zigzag_encode(static_cast<int64_t>(size)));
  std::memmove(to_, start, size);
  to_ += size;
  return true;
}

bool JsonFastEncoder::bytes(const Node& type) {
  Quoted text;
  if (!quoted(text)) return false;
  need(kMaxVarintBytes + text.raw.size());
  if (type.logical_type != LogicalType::kNone && form_ == JsonForm::kPlain) {
    if (text.escaped) return false;
    const auto bytes = bytes_of_text(type, text.raw, form_);
    if (!bytes) return false;
    if (type.type == Type::kBytes) put_long(static_cast<int64_t>(bytes->size()));
    put(*bytes);
    return true;
  }
  // The code points 0 to 255.
  char* const start = to_ + kMaxVarintBytes;
  const char* in = text.raw.data();
  const char* in_end = in + text.raw.size();
  if (text.escaped) {
    in_end = unescape(text.raw, start);
    if (in_end == nullptr) return false;
    in = start;
  }
  char* to = start;
  while (in != in_end) {
    const auto c = static_cast<unsigned char>(*in++);
    if (c < 0x80) {
      *to++ = static_cast<char>(c);
    } else if (c == 0xc2 || c == 0xc3) {
      *to++ = static_cast<char>(c << 6 | (static_cast<unsigned char>(*in++) & 0x3f));
    } else {
      return false;
    }
  }
  const auto size = static_cast<size_t>(to - start);
  if (type.type == Type::kBytes) {
    to_ = write_varint(to_, zigzag_encode(static_cast<int64_t>(size)));
  } else if (size != type.fixed_size) {
    return false;
  }
  std::memmove(to_, start, size);
  to_ += size;
  return true;
}

bool JsonFastEncoder::enumeration(const EncodeNode& node) {
  Quoted text;
  if (!quoted(text) || text.escaped) return false;
  const size_t symbol = node.names.find(text.raw);
  if (symbol == NameTable::kNotFound) return false;
  put_long(static_cast<int64_t>(symbol));
  return true;
}

// ---- arrays and maps

bool JsonFastEncoder::array(const EncodeNode& node) {
  if (!skip('[')) return false;
  need(2);
  const size_t start = written();
  *to_++ = '\0';
  skip_space();
  if (skip(']')) return true;
  size_t count = 0;
  do {
    const size_t before = written();
    if (!value(node.items)) return false;
    empty_items_ += written() == before ? 1 : 0;
    ++count;
    skip_space();
  } while (skip(','));
  if (!skip(']')) return false;
  insert_count(start, count);
  return true;
}

// The count comes before the items, and is known only after them. Nearly always it has one byte, for which there is
// room.
void JsonFastEncoder::insert_count(size_t start, size_t count) {
  need(kMaxVarintBytes + 1);
  char bytes[kMaxVarintBytes];
  const auto size = static_cast<size_t>(write_varint(bytes, zigzag_encode(static_cast<int64_t>(count))) - bytes);
  char* const items = out_.data() + start + 1;
  if (size > 1) std::memmove(items + size - 1, items, static_cast<size_t>(to_ - items));
  std::memcpy(items - 1, bytes, size);
  to_ += size - 1;
  *to_++ = '\0';
}

bool JsonFastEncoder::map(const EncodeNode& node) {
  if (!skip('{')) return false;
  need(2);
  const size_t start = written();
  *to_++ = '\0';
  skip_space();
  if (skip('}')) return true;
  const size_t first_span = used_spans_;
  do {
    Quoted key;
    skip_space();
    if (!quoted(key) || key.escaped || used_spans_ == kMaxSpans) return false;
    put_long(static_cast<int64_t>(key.raw.size()));
    spans_[used_spans_++] = {.start = written(), .size = key.raw.size()};
    put(key.raw);
    skip_space();
    if (!skip(':') || !value(node.items)) return false;
    skip_space();
  } while (skip(','));
  if (!skip('}') || has_key_twice(first_span)) return false;
  const size_t count = used_spans_ - first_span;
  used_spans_ = first_span;
  insert_count(start, count);
  return true;
}

bool JsonFastEncoder::has_key_twice(size_t first_span) {
  constexpr size_t kFew = 8;
  const auto key = [&](const Span& span) { return std::string_view(out_.data() + span.start, span.size); };
  Span* const begin = spans_.data() + first_span;
  Span* const end = spans_.data() + used_spans_;
  const auto same = [&](const Span& a, const Span& b) { return key(a) == key(b); };
  if (static_cast<size_t>(end - begin) > kFew) {
    std::sort(begin, end, [&](const Span& a, const Span& b) { return key(a) < key(b); });
    return std::adjacent_find(begin, end, same) != end;
  }
  for (Span* a = begin; a != end; ++a) {
    if (std::any_of(begin, a, [&](const Span& b) { return same(*a, b); })) return true;
  }
  return false;
}

// ---- records

bool JsonFastEncoder::record(const EncodeNode& node) {
  if (!skip('{')) return false;
  const size_t count = node.parts.size();
  const size_t first_span = used_spans_;
  if (kMaxSpans - first_span < count) return false;
  used_spans_ += count;
  Span* const spans = spans_.data() + first_span;
  const size_t start = written();
  size_t next = 0;  // the field after the last one
  bool in_order = true;
  skip_space();
  if (peek() != '}') {
    do {
      skip_space();
      size_t field = next;
      if (next == count || !skip(node.member_texts[next])) [[unlikely]] {
        field = member(node);
        if (field == NameTable::kNotFound) return false;
        if (in_order && field != next) {
          in_order = false;
          std::fill(spans + next, spans + count, Span{.start = Span::kMissing, .size = 0});
        }
        if (!in_order && spans[field].start != Span::kMissing) return false;  // it is there twice
      } else if (!in_order && spans[field].start != Span::kMissing) {
        return false;
      }
      const size_t field_start = written();
      if (!value(node.parts[field])) return false;
      spans[field] = {.start = field_start, .size = written() - field_start};
      next = field + 1;
      skip_space();
    } while (skip(','));
  }
  if (!skip('}')) return false;
  used_spans_ = first_span;
  return in_order ? finish_in_order(node, next) : finish_reordered(node, first_span, start);
}

// Reads a member's name and the colon, as they are written more rarely.
size_t JsonFastEncoder::member(const EncodeNode& node) {
  Quoted name;
  if (!quoted(name) || name.escaped) return NameTable::kNotFound;
  skip_space();
  return skip(':') ? node.names.find(name.raw) : NameTable::kNotFound;
}

// All fields before `missing` are written, and none from there on.
bool JsonFastEncoder::finish_in_order(const EncodeNode& node, size_t missing) {
  for (; missing < node.parts.size(); ++missing) {
    if (!node.has_default[missing]) return false;
    put(node.defaults[missing]);
  }
  return true;
}

// As JsonEncoder::finish_record: all fields once more behind themselves, and moved down over what was there.
bool JsonFastEncoder::finish_reordered(const EncodeNode& node, size_t first_span, size_t start) {
  const size_t end = written();
  for (size_t i = 0; i < node.parts.size(); ++i) {
    const Span& span = spans_[first_span + i];
    if (span.start != Span::kMissing) {
      need(span.size);  // may move what is copied
      put({out_.data() + span.start, span.size});
    } else if (node.has_default[i]) {
      put(node.defaults[i]);
    } else {
      return false;
    }
  }
  const size_t size = written() - end;
  std::memmove(out_.data() + start, out_.data() + end, size);
  to_ = out_.data() + start + size;
  return true;
}

// ---- unions

bool JsonFastEncoder::union_value(const EncodeNode& node) {
  const int null_branch = node.null_branch;
  if (peek() == '{') {
    if (form_ == JsonForm::kAvro) {
      const char* const object = at_++;
      skip_space();
      for (size_t i = 0; i < node.parts.size(); ++i) {
        if (static_cast<int>(i) != null_branch && skip(node.member_texts[i])) return tagged(node, i);
      }
      at_ = object;
    }
    const auto choice = choose_by_first_name(*node.schema, rest(), form_);
    return choice && !choice->is_tagged && branch(node, choice->branch);
  }
  if (rest().starts_with("null")) return null_branch >= 0 && branch(node, static_cast<size_t>(null_branch));
  if (null_branch >= 0 && node.parts.size() == 2) return branch(node, static_cast<size_t>(1 - null_branch));
  const int chosen = peek() == '"' ? node.string_branch : peek() == 't' || peek() == 'f' ? -1 : node.number_branch;
  return chosen >= 0 && branch(node, static_cast<size_t>(chosen));
}

bool JsonFastEncoder::branch(const EncodeNode& node, size_t index) {
  put_long(static_cast<int64_t>(index));
  return value(node.parts[index]);
}

// From the name on.
bool JsonFastEncoder::tagged(const EncodeNode& node, size_t index) {
  if (!branch(node, index)) return false;
  skip_space();
  return skip('}');
}

// ---- out

void JsonFastEncoder::grow(size_t size) {
  const size_t used = written();
  out_.resize_and_overwrite(std::max(2 * out_.size(), used + size), [](char*, size_t bytes) { return bytes; });
  to_ = out_.data() + used;
  limit_ = out_.data() + out_.size();
}

void JsonFastEncoder::put_long(int64_t value) {
  need(kMaxVarintBytes);
  to_ = write_varint(to_, zigzag_encode(value));
}

void JsonFastEncoder::put(std::string_view bytes) {
  need(bytes.size());
  to_ = copy_bytes(to_, bytes.data(), bytes.size());
}

}  // namespace omashu::avro
