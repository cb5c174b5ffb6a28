// JSON (RFC 8259): a pull reader, a small document tree, and text out.
//
// The tree keeps what Avro schemas need and general libraries drop: the order of members, the spelling of numbers, and
// the place of every value in the text, so that an error can name its line and column. The reader is the codec's way
// into JSON records. Both are bounded: depth is limited, strings must be UTF-8, and nothing is allocated for a length
// that the text only claims.

#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "omashu/result.h"

namespace omashu::json {

inline constexpr size_t kMaxDepth = 512;

enum class Token : uint8_t {
  kBeginObject,
  kEndObject,
  kBeginArray,
  kEndArray,
  kName,  // a member's name; its value is the next token
  kString,
  kNumber,
  kTrue,
  kFalse,
  kNull,
  kEnd,    // after the one top-level value
  kError,  // see error(); every later call returns kError again
};

// Reads one JSON text token by token and checks the grammar on the way. The text must outlive the reader.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Token next();
  Token token() const { return token_; }

  // The current name or string without its escapes, or the number as it is spelled. Valid until the next call.
  std::string_view text() const { return token_text_; }

  // Where the current token starts, in bytes from the start of the text.
  size_t offset() const { return token_offset_; }

  // Having just read the first token of a value, reads the rest of that value.
  void skip_value();

  const Error& error() const { return error_; }

  // Makes the reader fail at the current token, as if the text itself were wrong there.
  Token fail_here(std::string message) { return fail_at(token_offset_, std::move(message)); }

 private:
  enum class Expect : uint8_t { kValue, kFirstNameOrEnd, kName, kFirstItemOrEnd, kCommaOrEnd, kEnd };

  Token read_value();
  Token read_name();
  Token begin(Token token, Expect expect);
  Token end(Token token);
  Token finish_value(Token token);
  Token read_literal(std::string_view word, Token token);
  Token read_number();
  bool read_string();
  bool read_escape();
  bool read_unicode_escape(uint32_t& unit);
  bool read_utf8_character();
  void skip_space();
  Token fail_at(size_t offset, std::string message);

  std::string_view text_;
  size_t position_ = 0;
  size_t token_offset_ = 0;
  Token token_ = Token::kNull;
  Expect expect_ = Expect::kValue;
  std::string_view token_text_;
  std::string unescaped_;
  std::vector<bool> in_object_;  // one entry for each open object (true) or array (false)
  Error error_;
};

// Line and column of a byte in a text.
TextPosition position_at(std::string_view text, size_t offset);

struct Member;

// One JSON value. A number keeps its spelling: as_int64 and as_double interpret it.
class Value {
 public:
  enum class Kind : uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };

  // Defined below, where Member is complete.
  Value();  // null
  Value(bool value);
  Value(int value);
  Value(int64_t value);
  Value(uint64_t value);
  Value(double value);
  Value(std::string value);
  Value(std::string_view value);
  Value(const char* value);

  static Value array();
  static Value array(std::vector<Value> items);
  static Value object();
  static Value object(std::vector<Member> members);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_boolean() const { return kind_ == Kind::kBoolean; }
  bool is_number() const { return kind_ == Kind::kNumber; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_array() const { return kind_ == Kind::kArray; }
  bool is_object() const { return kind_ == Kind::kObject; }

  bool boolean() const { return boolean_; }
  const std::string& text() const { return text_; }  // of a string; of a number, its spelling
  const std::vector<Value>& items() const { return items_; }
  const std::vector<Member>& members() const { return members_; }
  std::vector<Member>& members() { return members_; }

  // The number, where it is one and fits: nothing otherwise. 1.0 and 1e3 are not integers to as_int64.
  std::optional<int64_t> as_int64() const;
  std::optional<double> as_double() const;

  // The member of that name (the last one of several), or null where there is none or this is no object.
  const Value* find(std::string_view name) const;

  // Adds to an object or an array that is being built.
  Value& add(std::string name, Value value);
  Value& append(Value value);

  // Bytes from the start of the text that it was parsed from.
  size_t offset() const { return offset_; }

 private:
  friend class TreeBuilder;

  Kind kind_ = Kind::kNull;
  bool boolean_ = false;
  size_t offset_ = 0;
  std::string text_;
  std::vector<Value> items_;
  std::vector<Member> members_;
};

struct Member {
  std::string name;
  Value value;
  size_t offset = 0;  // of the name
};

inline Value::Value() = default;
inline Value::Value(bool value) : kind_(Kind::kBoolean), boolean_(value) {}
inline Value::Value(int value) : Value(static_cast<int64_t>(value)) {}
inline Value::Value(std::string value) : kind_(Kind::kString), text_(std::move(value)) {}
inline Value::Value(std::string_view value) : Value(std::string(value)) {}
inline Value::Value(const char* value) : Value(std::string(value)) {}
inline Value Value::array() { return array(std::vector<Value>()); }
inline Value Value::object() { return object(std::vector<Member>()); }

// Parses one JSON text; the error carries line and column. A leading byte-order mark is accepted.
Result<Value> parse(std::string_view text);

// Compact, members in their order.
std::string to_text(const Value& value);
void append_text(std::string& out, const Value& value);

// Two spaces a level, as people write it.
std::string to_pretty_text(const Value& value);

// `"text"` with the escapes that JSON demands; bytes above 0x7F pass through.
void append_quoted(std::string& out, std::string_view text);

}  // namespace omashu::json
