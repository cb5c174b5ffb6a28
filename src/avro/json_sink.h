// Makes JSON of a datum while it is being read.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "avro/json_string.h"
#include "avro/logical_value.h"
#include "avro/number_text.h"
#include "avro/program.h"
#include "omashu/result.h"

namespace omashu::avro {

// The string that a text is written to: larger than its content until finish() or discard(), so that a piece costs no
// look at its size. Who writes holds the cursor.
class JsonText {
 public:
  struct Cursor {
    char* end;    // of the text
    char* limit;  // of the room
  };

  explicit JsonText(std::string& out) : out_(out), start_(out.size()) {}

  Cursor begin();
  // Room for `size` more bytes behind `end`.
  Cursor grow(const char* end, size_t size);
  void finish(const char* end) { out_.resize(size(end)); }
  void discard() { out_.resize(start_); }

  size_t size(const char* end) const { return static_cast<size_t>(end - out_.data()); }

  // Where fields and bare values of unions begin that an op to come is about, the innermost last.
  void mark(const char* end) { marks_.push_back(size(end)); }
  // These move what was written since a mark, and return the new end.
  Cursor reorder(const char* end, const Op& op, const Program& program);
  Cursor tag_if_misread(const char* end, const Op& op, const Program& program);

 private:
  Cursor grow_if_needed(const char* end, size_t size);
  Cursor cursor(size_t size) { return {.end = out_.data() + size, .limit = out_.data() + out_.size()}; }

  std::string& out_;
  const size_t start_;
  std::vector<size_t> marks_;
};

// One sink for both forms: the programs differ, not what is done for an op. It has no more than the interpreter can
// keep in registers.
class JsonSink {
 public:
  static constexpr bool kFusedOps = false;
  struct Frame {};

  JsonSink(const Program& program, JsonText& text)
      : literals_(program.literals.data()), text_(&text), at_(text.begin()) {}

  const char* end() const { return at_.end; }

  void text(const Op& op) {
    need(kRoom + op.size);
    copy(literals_ + op.at, op.size);
  }

  void null(const Op&) { put("null"); }
  void boolean(const Op&, uint32_t, bool value) { value ? put("true") : put("false"); }
  void integer(const Op&, uint32_t, int64_t value) { at_.end = write_integer(at_.end, value); }
  void real(const Op&, uint32_t, double value) { at_.end = write_double(at_.end, value); }
  void real32(const Op&, uint32_t, float value) { at_.end = write_float(at_.end, value); }
  void bytes(const Op&, std::string_view value) {
    need(max_json_string(value.size()));
    at_.end = write_json_bytes(at_.end, value);
  }
  bool string(const Op&, uint32_t, std::string_view value, size_t readable) { return quoted(value, readable); }
  bool enumeration(const Op& op, uint32_t index, const Program& program) {
    const uint32_t offset = program.tables[op.x + 2 * index];
    if (offset == Op::kNone) [[unlikely]]
      return false;
    const uint32_t size = program.tables[op.x + 2 * index + 1];
    need(size + Program::kLiteralStep);
    copy(literals_ + offset, size);
    return true;
  }
  void logical(const Op& op, int64_t value) {
    at_.end = write_logical_integer(at_.end, static_cast<LogicalType>(op.detail), value);
  }
  void logical(const Op& op, std::string_view value, const Program& program) {
    need(std::max(kMaxLogicalValueText + 2, 2 * value.size() + 32));  // or in base64
    at_.end = write_logical_bytes(at_.end, op, value, program);
  }

  void branch(const Op&, uint32_t) {}
  void record(const Op&) {}
  void mark() { text_->mark(at_.end); }
  void reorder(const Op& op, const Program& program) { at_ = text_->reorder(at_.end, op, program); }
  void tag_if_misread(const Op& op, const Program& program) { at_ = text_->tag_if_misread(at_.end, op, program); }

  bool begin_call(const Op&, Frame&) { return true; }
  void end_call(Frame&) {}
  void begin_items(const Op&, Frame&) {}
  bool next_item(const Op&, Frame&, uint64_t index, uint64_t) {
    need(1);
    *at_.end = ',';
    at_.end += index > 0 ? 1 : 0;
    return true;
  }
  bool doubles(const Op&, Frame&, uint64_t, std::string_view) { return true; }  // a fused op
  void end_items(const Op&, Frame&, uint64_t) {}
  bool key(std::string_view key, size_t readable) {
    if (!quoted(key, readable)) [[unlikely]]
      return false;
    *at_.end++ = ':';
    return true;
  }

 private:
  // What text() leaves free for a value of bounded size: a number, a word, a time.
  static constexpr size_t kRoom = 128;

  static char* write_logical_integer(char* out, LogicalType type, int64_t value);
  static char* write_logical_bytes(char* out, const Op& op, std::string_view value, const Program& program);

  void need(size_t size) {
    if (static_cast<size_t>(at_.limit - at_.end) < size) [[unlikely]]
      at_ = text_->grow(at_.end, size);
  }
  // There is room for a step more. Most literals take one, or none: then it is written over.
  void copy(const char* literal, size_t size) {
    std::memcpy(at_.end, literal, Program::kLiteralStep);
    for (size_t done = Program::kLiteralStep; done < size; done += Program::kLiteralStep) [[unlikely]] {
      std::memcpy(at_.end + done, literal + done, Program::kLiteralStep);
    }
    at_.end += size;
  }
  template <size_t N>
  void put(const char (&word)[N]) {
    std::memcpy(at_.end, word, N - 1);
    at_.end += N - 1;
  }
  bool quoted(std::string_view utf8, size_t readable) {
    need(max_json_string(utf8.size()) + 1);  // a colon, after a key
    char* const end = write_json_string(at_.end, utf8, readable);
    if (end == nullptr) [[unlikely]]
      return false;
    at_.end = end;
    return true;
  }

  const char* literals_;
  JsonText* text_;
  JsonText::Cursor at_;
};

// Appends the JSON of a datum: `bytes` must be exactly one. Nothing is appended where it fails.
Result<void> append_json(const Program& program, std::string_view bytes, std::string& out);

}  // namespace omashu::avro
