#include "base/json.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/utf8.h"

namespace omashu::json {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string describe(std::string_view text, size_t position) {
  if (position >= text.size()) return "the end of the text";
  const auto c = static_cast<unsigned char>(text[position]);
  if (c > 0x20 && c < 0x7f) return fmt::format("'{}'", static_cast<char>(c));
  return fmt::format("the byte 0x{:02x}", c);
}

// A word of which each byte is `byte`.
constexpr uint64_t each(uint8_t byte) { return uint64_t{0x0101010101010101} * byte; }

// The high bit of the first byte that is zero, and perhaps of bytes behind it.
constexpr uint64_t mark_zero(uint64_t word) { return (word - each(1)) & ~word & each(0x80); }

// Where the characters from `position` on end that stand for themselves: ASCII, but for quotes, backslashes and control
// characters. Eight at a time: strings are most of what is read.
size_t plain_end(std::string_view text, size_t position) {
  static_assert(std::endian::native == std::endian::little);
  for (; position + 8 <= text.size(); position += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + position, 8);
    const uint64_t controls = (word - each(0x20)) & ~word & each(0x80);
    const uint64_t marks = controls | mark_zero(word ^ each('"')) | mark_zero(word ^ each('\\')) | (word & each(0x80));
    if (marks != 0) return position + static_cast<size_t>(std::countr_zero(marks)) / 8;
  }
  for (; position < text.size(); ++position) {
    const auto c = static_cast<unsigned char>(text[position]);
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') break;
  }
  return position;
}

}  // namespace

TextPosition position_at(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const size_t last_newline = before.rfind('\n');
  return {.line = 1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n')),
          .column = 1 + (last_newline == std::string_view::npos ? before.size() : before.size() - last_newline - 1)};
}

// ---- Reader

Token Reader::next() {
  if (token_ == Token::kError) return token_;
  skip_space();
  if (expect_ == Expect::kCommaOrEnd && position_ < text_.size() && text_[position_] == ',') {
    ++position_;
    skip_space();
    expect_ = in_object_.back() ? Expect::kName : Expect::kValue;
  }
  token_offset_ = position_;
  const char c = position_ < text_.size() ? text_[position_] : '\0';
  switch (expect_) {
    case Expect::kEnd:
      if (position_ < text_.size())
        return fail_at(position_, "expected nothing after the value, found " + describe(text_, position_));
      return token_ = Token::kEnd;
    case Expect::kFirstNameOrEnd: return c == '}' ? end(Token::kEndObject) : read_name();
    case Expect::kName: return read_name();
    case Expect::kFirstItemOrEnd: return c == ']' ? end(Token::kEndArray) : read_value();
    case Expect::kCommaOrEnd:
      if (in_object_.back()) {
        if (c == '}') return end(Token::kEndObject);
        return fail_at(position_, "expected ',' or '}', found " + describe(text_, position_));
      }
      if (c == ']') return end(Token::kEndArray);
      return fail_at(position_, "expected ',' or ']', found " + describe(text_, position_));
    case Expect::kValue: return read_value();
  }
  return fail_at(position_, "unreachable");
}

Token Reader::read_value() {
  if (position_ >= text_.size()) return fail_at(position_, "expected a value, found the end of the text");
  switch (text_[position_]) {
    case '{': return begin(Token::kBeginObject, Expect::kFirstNameOrEnd);
    case '[': return begin(Token::kBeginArray, Expect::kFirstItemOrEnd);
    case '"': return read_string() ? finish_value(Token::kString) : token_;
    case 't': return read_literal("true", Token::kTrue);
    case 'f': return read_literal("false", Token::kFalse);
    case 'n': return read_literal("null", Token::kNull);
    default: return read_number();
  }
}

Token Reader::read_name() {
  if (position_ >= text_.size() || text_[position_] != '"') {
    return fail_at(position_, "expected a name in quotes, found " + describe(text_, position_));
  }
  if (!read_string()) return token_;
  skip_space();
  if (position_ >= text_.size() || text_[position_] != ':') {
    return fail_at(position_, "expected ':' after the name, found " + describe(text_, position_));
  }
  ++position_;
  expect_ = Expect::kValue;
  return token_ = Token::kName;
}

Token Reader::begin(Token token, Expect expect) {
  if (in_object_.size() >= kMaxDepth) return fail_at(position_, fmt::format("nested deeper than {} levels", kMaxDepth));
  in_object_.push_back(token == Token::kBeginObject);
  ++position_;
  expect_ = expect;
  return token_ = token;
}

Token Reader::end(Token token) {
  in_object_.pop_back();
  ++position_;
  return finish_value(token);
}

Token Reader::finish_value(Token token) {
  expect_ = in_object_.empty() ? Expect::kEnd : Expect::kCommaOrEnd;
  return token_ = token;
}

Token Reader::read_literal(std::string_view word, Token token) {
  if (text_.substr(position_, word.size()) != word) {
    return fail_at(position_, fmt::format("expected a value, found {}", describe(text_, position_)));
  }
  token_text_ = text_.substr(position_, word.size());
  position_ += word.size();
  return finish_value(token);
}

Token Reader::read_number() {
  const size_t start = position_;
  size_t p = start;
  const auto at = [&](size_t i) { return i < text_.size() ? text_[i] : '\0'; };
  const auto skip_digits = [&] {
    const size_t first = p;
    while (is_digit(at(p))) ++p;
    return p > first;
  };
  if (at(p) == '-') ++p;
  if (at(p) == '0') {
    ++p;
  } else if (!skip_digits()) {
    return fail_at(start, "expected a value, found " + describe(text_, start));
  }
  if (at(p) == '.') {
    ++p;
    if (!skip_digits()) return fail_at(p, "expected a digit after the decimal point, found " + describe(text_, p));
  }
  if (at(p) == 'e' || at(p) == 'E') {
    ++p;
    if (at(p) == '+' || at(p) == '-') ++p;
    if (!skip_digits()) return fail_at(p, "expected a digit in the exponent, found " + describe(text_, p));
  }
  token_text_ = text_.substr(start, p - start);
  position_ = p;
  return finish_value(Token::kNumber);
}

// Reads the string whose opening quote is at position_. Where it has no escape, the token is a view of the text.
bool Reader::read_string() {
  const size_t start = ++position_;
  bool escaped = false;
  while (position_ < text_.size()) {
    const size_t run = position_;
    position_ = plain_end(text_, run);
    if (position_ < text_.size() && static_cast<unsigned char>(text_[position_]) >= 0x80 && !read_utf8_character()) {
      return false;
    }
    if (escaped) unescaped_.append(text_.substr(run, position_ - run));
    if (position_ > run) continue;
    const auto c = static_cast<unsigned char>(text_[position_]);
    if (c == '"') {
      token_text_ = escaped ? std::string_view(unescaped_) : text_.substr(start, position_ - start);
      ++position_;
      return true;
    }
    if (c != '\\') {
      fail_at(position_, fmt::format("control character 0x{:02x} in a string: write it as \\u{:04x}", c, c));
      return false;
    }
    if (!escaped) unescaped_.assign(text_.substr(start, position_ - start));
    escaped = true;
    if (!read_escape()) return false;
  }
  fail_at(start - 1, "this string has no closing quote");
  return false;
}

bool Reader::read_utf8_character() {
  const size_t length = utf8_character_length(text_.substr(position_));
  if (length == 0) {
    fail_at(position_, "the string is not valid UTF-8");
    return false;
  }
  position_ += length;
  return true;
}

bool Reader::read_escape() {
  const size_t escape = position_++;
  const char c = position_ < text_.size() ? text_[position_++] : '\0';
  switch (c) {
    case '"': unescaped_ += '"'; return true;
    case '\\': unescaped_ += '\\'; return true;
    case '/': unescaped_ += '/'; return true;
    case 'b': unescaped_ += '\b'; return true;
    case 'f': unescaped_ += '\f'; return true;
    case 'n': unescaped_ += '\n'; return true;
    case 'r': unescaped_ += '\r'; return true;
    case 't': unescaped_ += '\t'; return true;
    case 'u': break;
    default: fail_at(escape, "unknown escape in a string"); return false;
  }
  uint32_t unit = 0;
  if (!read_unicode_escape(unit)) return false;
  if (unit >= 0xdc00 && unit <= 0xdfff) {
    fail_at(escape, "a low surrogate without the high one before it");
    return false;
  }
  if (unit >= 0xd800 && unit <= 0xdbff) {
    uint32_t low = 0;
    if (text_.substr(position_, 2) != "\\u") {
      fail_at(escape, "a high surrogate without the low one after it");
      return false;
    }
    position_ += 2;
    if (!read_unicode_escape(low)) return false;
    if (low < 0xdc00 || low > 0xdfff) {
      fail_at(escape, "a high surrogate without the low one after it");
      return false;
    }
    unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }
  append_utf8(unescaped_, unit);
  return true;
}

bool Reader::read_unicode_escape(uint32_t& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = position_ < text_.size() ? hex_digit(text_[position_]) : -1;
    if (digit < 0) {
      fail_at(position_, "expected four hexadecimal digits after \\u");
      return false;
    }
    unit = unit * 16 + static_cast<uint32_t>(digit);
    ++position_;
  }
  return true;
}

void Reader::skip_value() {
  size_t depth = 0;
  for (;;) {
    switch (token_) {
      case Token::kBeginObject:
      case Token::kBeginArray: ++depth; break;
      case Token::kEndObject:
      case Token::kEndArray: --depth; break;
      case Token::kError: return;
      default: break;
    }
    if (depth == 0 && token_ != Token::kName) return;
    next();
  }
}

void Reader::skip_space() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
    ++position_;
  }
}

Token Reader::fail_at(size_t offset, std::string message) {
  if (token_ != Token::kError) error_ = {ErrorCode::kInvalidArgument, std::move(message), position_at(text_, offset)};
  return token_ = Token::kError;
}

// ---- Value

Value::Value(int64_t value) : kind_(Kind::kNumber), text_(fmt::format("{}", value)) {}
Value::Value(uint64_t value) : kind_(Kind::kNumber), text_(fmt::format("{}", value)) {}
Value::Value(double value) : kind_(Kind::kNumber), text_(fmt::format("{}", value)) {
  if (!std::isfinite(value)) kind_ = Kind::kNull;  // JSON has no other numbers
}

Value Value::array(std::vector<Value> items) {
  Value value;
  value.kind_ = Kind::kArray;
  value.items_ = std::move(items);
  return value;
}

Value Value::object(std::vector<Member> members) {
  Value value;
  value.kind_ = Kind::kObject;
  value.members_ = std::move(members);
  return value;
}

std::optional<int64_t> Value::as_int64() const {
  if (!is_number()) return std::nullopt;
  int64_t value = 0;
  const char* end = text_.data() + text_.size();
  const auto [stop, error] = std::from_chars(text_.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<double> Value::as_double() const {
  if (!is_number()) return std::nullopt;
  double value = 0;
  const char* end = text_.data() + text_.size();
  const auto [stop, error] = std::from_chars(text_.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

const Value* Value::find(std::string_view name) const {
  for (auto member = members_.rbegin(); member != members_.rend(); ++member) {
    if (member->name == name) return &member->value;
  }
  return nullptr;
}

Value& Value::add(std::string name, Value value) {
  members_.push_back({.name = std::move(name), .value = std::move(value), .offset = 0});
  return *this;
}

Value& Value::append(Value value) {
  items_.push_back(std::move(value));
  return *this;
}

// ---- parse

class TreeBuilder {
 public:
  explicit TreeBuilder(std::string_view text) : reader_(text) {}

  Result<Value> build() {
    reader_.next();
    Value value = read();
    if (reader_.token() != Token::kError) reader_.next();
    if (reader_.token() == Token::kError) return fail(reader_.error());
    return value;
  }

 private:
  // Recursion is bounded by the reader's kMaxDepth.
  Value read() {
    Value value;
    value.offset_ = reader_.offset();
    switch (reader_.token()) {
      case Token::kTrue:
      case Token::kFalse:
        value.kind_ = Value::Kind::kBoolean;
        value.boolean_ = reader_.token() == Token::kTrue;
        break;
      case Token::kNumber:
        value.kind_ = Value::Kind::kNumber;
        value.text_ = reader_.text();
        break;
      case Token::kString:
        value.kind_ = Value::Kind::kString;
        value.text_ = reader_.text();
        break;
      case Token::kBeginArray:
        value.kind_ = Value::Kind::kArray;
        while (reader_.next() != Token::kEndArray && reader_.token() != Token::kError) value.items_.push_back(read());
        break;
      case Token::kBeginObject:
        value.kind_ = Value::Kind::kObject;
        while (reader_.next() == Token::kName) {
          Member member{.name = std::string(reader_.text()), .value = {}, .offset = reader_.offset()};
          reader_.next();
          member.value = read();
          value.members_.push_back(std::move(member));
        }
        break;
      default: break;  // null, or an error that build() reports
    }
    return value;
  }

  Reader reader_;
};

Result<Value> parse(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return TreeBuilder(text).build();
}

// ---- text out

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  size_t plain = 0;  // start of the run not yet copied
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += fmt::format("\\u{:04x}", c);
    }
  }
  out.append(text, plain);
  out += '"';
}

namespace {

// Writes compactly where `indent` is 0, else that many spaces a level.
void append(std::string& out, const Value& value, size_t indent, size_t depth) {
  const auto new_line = [&](size_t level) {
    if (indent > 0) out.append(1, '\n').append(indent * level, ' ');
  };
  switch (value.kind()) {
    case Value::Kind::kNull: out += "null"; break;
    case Value::Kind::kBoolean: out += value.boolean() ? "true" : "false"; break;
    case Value::Kind::kNumber: out += value.text(); break;
    case Value::Kind::kString: append_quoted(out, value.text()); break;
    case Value::Kind::kArray: {
      out += '[';
      bool first = true;
      for (const Value& item : value.items()) {
        if (!first) out += ',';
        first = false;
        new_line(depth + 1);
        append(out, item, indent, depth + 1);
      }
      if (!first) new_line(depth);
      out += ']';
      break;
    }
    case Value::Kind::kObject: {
      out += '{';
      bool first = true;
      for (const Member& member : value.members()) {
        if (!first) out += ',';
        first = false;
        new_line(depth + 1);
        append_quoted(out, member.name);
        out += indent > 0 ? ": " : ":";
        append(out, member.value, indent, depth + 1);
      }
      if (!first) new_line(depth);
      out += '}';
      break;
    }
  }
}

}  // namespace

void append_text(std::string& out, const Value& value) { append(out, value, 0, 0); }

std::string to_text(const Value& value) {
  std::string out;
  append(out, value, 0, 0);
  return out;
}

std::string to_pretty_text(const Value& value) {
  std::string out;
  append(out, value, 2, 0);
  return out;
}

}  // namespace omashu::json
