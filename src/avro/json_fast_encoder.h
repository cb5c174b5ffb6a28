// JSON text to binary data, for the texts that are nearly all: right ones without anything rare in them.
//
// One pass over the bytes, without tokens and without words for what is wrong. It gives up at the first thing that it
// does not know or that is a mistake; JsonEncoder then begins anew, which knows everything and says what is wrong and
// where. So whatever this encodes, JsonEncoder encodes to the same bytes (json_fast_encoder_test.cc, and a fuzzer).
//
// Members in the schema's order are found by comparing bytes, in any other order by a hash of their names.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "avro/codec.h"
#include "avro/encode_plan.h"

namespace omashu::avro {

class JsonFastEncoder {
 public:
  JsonFastEncoder(const EncodePlan& plan, std::string_view json, JsonForm form, std::string& out)
      : plan_(plan), form_(form), at_(json.data()), end_(json.data() + json.size()), out_(out) {}

  // False where it gave up: then nothing is appended.
  bool run();

 private:
  // Where a field's or key's bytes are, from the beginning of out_.
  struct Span {
    static constexpr size_t kMissing = SIZE_MAX;
    size_t start;
    size_t size;
  };
  static constexpr size_t kMaxSpans = 512;

  // A string's bytes in the text.
  struct Quoted {
    std::string_view raw;
    bool escaped = false;
  };

  bool value(uint32_t index);
  bool integer(const Node& type);
  template <class T>
  bool real();
  bool string(const Node& type);
  bool bytes(const Node& type);
  bool enumeration(const EncodeNode& node);
  bool array(const EncodeNode& node);
  bool map(const EncodeNode& node);
  bool has_key_twice(size_t first_span);
  bool record(const EncodeNode& node);
  size_t member(const EncodeNode& node);
  bool finish_in_order(const EncodeNode& node, size_t missing);
  bool finish_reordered(const EncodeNode& node, size_t first_span, size_t start);
  bool union_value(const EncodeNode& node);
  bool branch(const EncodeNode& node, size_t index);
  bool tagged(const EncodeNode& node, size_t index);

  bool quoted(Quoted& text);
  char* unescape(std::string_view raw, char* to);
  void insert_count(size_t start, size_t count);

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  char peek() const { return at_ != end_ ? *at_ : '\0'; }
  bool skip(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool skip(std::string_view text) {
    if (!rest().starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  std::string_view rest() const { return {at_, static_cast<size_t>(end_ - at_)}; }

  // Room for `size` more bytes at to_.
  void need(size_t size) {
    if (static_cast<size_t>(limit_ - to_) < size) [[unlikely]]
      grow(size);
  }
  void grow(size_t size);
  size_t written() const { return static_cast<size_t>(to_ - out_.data()); }
  void put_long(int64_t value);
  void put(std::string_view bytes);

  const EncodePlan& plan_;
  const JsonForm form_;
  const char* at_;
  const char* const end_;
  std::string& out_;  // larger than its content until the end
  char* to_ = nullptr;
  char* limit_ = nullptr;
  uint64_t empty_items_ = 0;
  size_t depth_ = 0;
  size_t used_spans_ = 0;
  std::array<Span, kMaxSpans> spans_;  // of the records and maps that are open, the innermost last
};

}  // namespace omashu::avro
