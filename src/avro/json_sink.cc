#include "avro/json_sink.h"

#include <algorithm>
#include <cstring>

#include "avro/interpreter.h"
#include "avro/schema.h"
#include "avro/union_rule.h"
#include "base/base64.h"

namespace omashu::avro {

// ---- JsonText

JsonText::Cursor JsonText::begin() {
  out_.resize_and_overwrite(std::max(out_.capacity(), start_ + 256), [](char*, size_t size) { return size; });
  return cursor(start_);
}

JsonText::Cursor JsonText::grow(const char* end, size_t size) {
  const size_t used = this->size(end);
  out_.resize_and_overwrite(std::max(2 * out_.size(), used + size), [](char*, size_t bytes) { return bytes; });
  return cursor(used);
}

JsonText::Cursor JsonText::grow_if_needed(const char* end, size_t size) {
  const size_t used = this->size(end);
  return out_.size() - used < size ? grow(end, size) : cursor(used);
}

// The last n marks are where the fields start, each with a comma before its name. They are written once more behind
// themselves, in the reader's order, and moved down over what was there.
JsonText::Cursor JsonText::reorder(const char* end, const Op& op, const Program& program) {
  const size_t* const starts = marks_.data() + marks_.size() - op.n;
  const size_t first = starts[0];
  const size_t size = this->size(end);
  const Cursor at = grow_if_needed(end, size - first);
  char* const data = out_.data();
  char* to = at.end;
  for (uint32_t i = 0; i < op.n; ++i) {
    const uint32_t field = program.tables[op.x + i];
    const size_t field_end = field + 1 < op.n ? starts[field + 1] : size;
    to = std::copy(data + starts[field], data + field_end, to);
  }
  std::memmove(data + first, at.end, size - first);
  data[first] = '{';
  marks_.resize(marks_.size() - op.n);
  return at;
}

JsonText::Cursor JsonText::tag_if_misread(const char* end, const Op& op, const Program& program) {
  const uint32_t* const table = program.tables.data() + op.x;
  const size_t start = marks_.back();
  marks_.pop_back();
  const size_t size = this->size(end);
  if (is_read_as(*program.unions[table[0]], op.n, {out_.data() + start, size - start})) return cursor(size);
  const size_t tag_size = table[2];
  grow_if_needed(end, tag_size + 1);
  char* const value = out_.data() + start;
  std::memmove(value + tag_size, value, size - start);
  std::memcpy(value, program.literals.data() + table[1], tag_size);
  value[tag_size + (size - start)] = '}';
  return cursor(size + tag_size + 1);
}

// ---- logical types

// A value without a text, such as a time of day beyond 24 hours, is written as what it is underneath.
char* JsonSink::write_logical_integer(char* out, LogicalType type, int64_t value) {
  char* end = write_logical(out + 1, type, value);
  if (end == nullptr) return write_integer(out, value);
  *out = '"';
  *end = '"';
  return end + 1;
}

// A value whose text would be read as other bytes (a decimal beyond its precision, or with more bytes than it needs) is
// written as bytes.
char* JsonSink::write_logical_bytes(char* out, const Op& op, std::string_view value, const Program& program) {
  const auto type = static_cast<LogicalType>(op.detail);
  DecimalType decimal;
  if (type == LogicalType::kDecimal) {
    decimal = {.scale = static_cast<int32_t>(program.tables[op.x]),
               .precision = program.tables[op.x + 1],
               .is_fixed = op.code == OpCode::kFixedText};
  }
  char* end = write_logical(out + 1, type, value, decimal);
  if (end != nullptr) {
    *out = '"';
    *end = '"';
    return end + 1;
  }
  const std::string text = R"({"base64":")" + to_base64(value) + R"("})";
  return std::copy(text.begin(), text.end(), out);
}

Result<void> append_json(const Program& program, std::string_view bytes, std::string& out) {
  JsonText text(out);
  JsonSink sink(program, text);
  if (Interpreter<JsonSink> interpreter(program); !interpreter.run(bytes, sink)) [[unlikely]] {
    text.discard();
    return fail(interpreter.error());
  }
  text.finish(sink.end());
  return {};
}

}  // namespace omashu::avro
