// Makes JSON of a datum while it is being read.

#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "avro/program.h"

namespace omashu::avro {

// Writes at the end of a string without going through its size on every piece: the string is kept larger than its
// content until finish() or discard().
class TextBuffer {
 public:
  explicit TextBuffer(std::string& out);

  // Room for `size` more bytes at end().
  void need(size_t size) {
    if (static_cast<size_t>(limit_ - end_) < size) [[unlikely]]
      grow(size);
  }
  char* end() { return end_; }
  void advance_to(char* end) { end_ = end; }

  // Without need(): the caller has asked for room.
  void put(char c) { *end_++ = c; }

  size_t size() const { return static_cast<size_t>(end_ - out_.data()); }
  char* data() { return out_.data(); }

  void finish();
  void discard();  // what this buffer wrote

 private:
  void grow(size_t size);

  std::string& out_;
  const size_t start_;
  char* end_;
  char* limit_;
};

// One sink for both forms: the programs differ, not what is done for an op.
class JsonSink {
 public:
  struct Frame {};

  JsonSink(const Program& program, std::string& out) : literals_(program.literals.data()), out_(out) {}

  void finish() { out_.finish(); }
  void discard() { out_.discard(); }

  void text(const Op& op) {
    out_.need(kRoom + op.size);
    char* to = out_.end();
    const char* from = literals_ + op.at;
    for (size_t done = 0; done < op.size; done += Program::kLiteralStep) {
      std::memcpy(to + done, from + done, Program::kLiteralStep);
    }
    out_.advance_to(to + op.size);
  }

  void null(const Op&) { put_word("null"); }
  void boolean(const Op&, bool value) { put_word(value ? "true" : "false"); }
  void integer(const Op&, int64_t value);
  void real(const Op&, double value);
  void real32(const Op&, float value);
  void bytes(const Op&, std::string_view value);
  bool string(const Op&, std::string_view value) { return quoted(value); }
  bool enumeration(const Op& op, uint32_t index, const Program& program);
  void logical(const Op& op, int64_t value);
  void logical(const Op& op, std::string_view value, const Program& program);

  void branch(const Op&) {}
  void record(const Op&) {}
  void mark() { marks_.push_back(out_.size()); }
  void reorder(const Op& op, const Program& program);
  void tag_if_misread(const Op& op, const Program& program);

  bool begin_call(const Op&, Frame&) { return true; }
  void end_call(Frame&) {}
  void begin_items(const Op&, Frame&) {}
  bool next_item(const Op&, Frame&, uint64_t index) {
    if (index > 0) {
      out_.need(1);
      out_.put(',');
    }
    return true;
  }
  void end_items(const Op&, Frame&, uint64_t) {}
  bool key(std::string_view key);

 private:
  // What text() leaves free for a value of bounded size: a number, a word, a time.
  static constexpr size_t kRoom = 128;

  void put_word(std::string_view word) {
    std::memcpy(out_.end(), word.data(), word.size());
    out_.advance_to(out_.end() + word.size());
  }
  bool quoted(std::string_view utf8);
  void base64(std::string_view value);

  const char* literals_;
  TextBuffer out_;
  std::vector<size_t> marks_;  // of what is still to be reordered or tagged, the innermost last
};

}  // namespace omashu::avro
