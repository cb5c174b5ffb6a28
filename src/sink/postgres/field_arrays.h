// The fields of some rows, column by column, as a statement's parameters or as the data of a COPY.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sink/postgres/connection.h"
#include "sink/postgres/field_bytes.h"
#include "sink/postgres/statements.h"

namespace omashu::sink::postgres {

class FieldArrays {
 public:
  explicit FieldArrays(const std::vector<WrittenColumn>& columns);

  // Where the next field of that column is appended to. A row is there once each column has its field and end_row() was
  // called; drop_row() takes away what was appended since the last row.
  std::string& column(size_t index) { return columns_[index].bytes; }
  void end_row();
  void drop_row();

  size_t rows() const { return rows_; }
  void clear();

  // One array for each column. Views into this object, until it changes.
  std::vector<Parameter> parameters();

  // The rows for COPY … (FORMAT binary).
  std::string copy_data() const;

 private:
  struct Array {
    WireType type;
    std::string bytes;  // the array's header, filled in by parameters(), and the fields
    size_t row_end = 0;
  };
  std::vector<Array> columns_;
  size_t rows_ = 0;
};

}  // namespace omashu::sink::postgres
