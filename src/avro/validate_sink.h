// Makes nothing of a datum: what remains is the check that it can be read.

#pragma once

#include <cstdint>
#include <string_view>

#include "avro/program.h"
#include "base/utf8.h"

namespace omashu::avro {

class ValidateSink {
 public:
  static constexpr bool kFusedOps = true;
  struct Frame {};

  void text(const Op&) {}
  void null(const Op&) {}
  void boolean(const Op&, uint32_t, bool) {}
  void integer(const Op&, uint32_t, int64_t) {}
  void real(const Op&, uint32_t, double) {}
  void real32(const Op&, uint32_t, float) {}
  void bytes(const Op&, std::string_view) {}
  bool string(const Op&, uint32_t, std::string_view value, size_t readable) { return is_valid_utf8(value, readable); }
  bool enumeration(const Op& op, uint32_t index, const Program& program) {
    return op.x == Op::kNone || program.tables[op.x + index] != Op::kNone;
  }
  void logical(const Op&, int64_t) {}
  void logical(const Op&, std::string_view, const Program&) {}

  void branch(const Op&, uint32_t) {}
  void record(const Op&) {}
  void mark() {}
  void reorder(const Op&, const Program&) {}
  void tag_if_misread(const Op&, const Program&) {}
  bool begin_call(const Op&, Frame&) { return true; }
  void end_call(Frame&) {}
  void begin_items(const Op&, Frame&) {}
  bool next_item(const Op&, Frame&, uint64_t, uint64_t) { return true; }
  bool doubles(const Op&, Frame&, uint64_t, std::string_view) { return true; }
  void end_items(const Op&, Frame&, uint64_t) {}
  bool key(std::string_view key, size_t readable) { return is_valid_utf8(key, readable); }
};

}  // namespace omashu::avro
