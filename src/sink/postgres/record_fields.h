// The fields of a record's row.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "avro/arena.h"
#include "avro/codec.h"
#include "omashu/result.h"
#include "sink/postgres/field_arrays.h"
#include "sink/postgres/part_schema.h"
#include "sink/postgres/table_shape.h"
#include "sink/sink.h"

namespace omashu::sink::postgres {

// Which of a table's columns a statement writes.
struct ColumnChoice {
  std::vector<WrittenColumn> written;
  std::vector<size_t> indexes;  // of the shape's columns
};

class RecordFields {
 public:
  // All of them must outlive it, and the parts' latest schemas be those that the shape was made from.
  static Result<RecordFields> compile(const TableShape& shape, const PartSchema& key, const PartSchema& value);

  // Appends a row; both parts must have been learned. kCorrupt where the record cannot be a row, and none is appended.
  Result<void> append_row(const SinkRecord& record, const ColumnChoice& columns, FieldArrays& rows);

  // The primary key's fields, one behind the other: two records with the same are one row.
  Result<std::string> key_fields(const SinkRecord& record);

 private:
  RecordFields(const TableShape& shape, const PartSchema& key, const PartSchema& value)
      : shape_(&shape), key_(&key), value_(&value) {}

  struct Seen {
    std::optional<avro::Datum> key, value;
  };
  Result<Seen> see(const SinkRecord& record, bool needs_value);
  Result<void> append(const SinkRecord& record, const Seen& seen, size_t index, std::string& out) const;

  const TableShape* shape_;
  const PartSchema* key_;
  const PartSchema* value_;
  std::vector<std::optional<avro::Decoder>> json_;  // for each column
  avro::Arena key_arena_, value_arena_;
};

}  // namespace omashu::sink::postgres
