#include "sink/postgres/field_arrays.h"

#include <string_view>

namespace omashu::sink::postgres {

namespace {

// PostgreSQL's array_recv(): dimensions, whether there are nulls, the items' type, and of the one dimension its size
// and its first index.
constexpr size_t kArrayHeaderBytes = 20;

std::string array_header(uint32_t item_oid, size_t rows) {
  std::string header;
  append_int32(1, header);
  append_int32(1, header);
  append_int32(static_cast<int32_t>(item_oid), header);
  append_int32(static_cast<int32_t>(rows), header);
  append_int32(1, header);
  return header;
}

int32_t int32_at(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return static_cast<int32_t>(value);
}

}  // namespace

FieldArrays::FieldArrays(const std::vector<WrittenColumn>& columns) {
  for (const WrittenColumn& written : columns)
    columns_.push_back({.type = wire_type(written.column->type), .bytes = ""});
  clear();
}

void FieldArrays::clear() {
  rows_ = 0;
  for (Array& array : columns_) {
    array.bytes.resize(kArrayHeaderBytes);
    array.row_end = kArrayHeaderBytes;
  }
}

void FieldArrays::end_row() {
  ++rows_;
  for (Array& array : columns_) array.row_end = array.bytes.size();
}

void FieldArrays::drop_row() {
  for (Array& array : columns_) array.bytes.resize(array.row_end);
}

std::vector<Parameter> FieldArrays::parameters() {
  std::vector<Parameter> parameters;
  for (Array& array : columns_) {
    array.bytes.replace(0, kArrayHeaderBytes, array_header(array.type.oid, rows_));
    parameters.push_back({.value = array.bytes, .type_oid = array.type.array_oid, .is_binary = true});
  }
  return parameters;
}

std::string FieldArrays::copy_data() const {
  constexpr std::string_view kSignature("PGCOPY\n\xff\r\n\0", 11);
  std::string data(kSignature);
  append_int32(0, data);  // flags
  append_int32(0, data);  // no extension
  std::vector<size_t> next(columns_.size(), kArrayHeaderBytes);
  for (size_t row = 0; row < rows_; ++row) {
    append_int16(static_cast<int16_t>(columns_.size()), data);
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view bytes = columns_[i].bytes;
      const int32_t length = int32_at(bytes, next[i]);
      const size_t size = sizeof length + static_cast<size_t>(length < 0 ? 0 : length);
      data += bytes.substr(next[i], size);
      next[i] += size;
    }
  }
  append_int16(-1, data);
  return data;
}

}  // namespace omashu::sink::postgres
