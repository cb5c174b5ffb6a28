// The columns that a topic's schemas ask of its table.
//
// A record's fields are columns by their names, in their order; a key or value that is no record is one column. What
// the key and the value both have, under one name and of one type, is one column, filled from the key.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "omashu/result.h"
#include "sink/postgres/column.h"
#include "sink/postgres/names.h"

namespace omashu::sink::postgres {

enum class Mode : uint8_t {
  kLatest,   // a row per key: upserts
  kHistory,  // a row per record: appends
};

struct ShapeOptions {
  Mode mode = Mode::kLatest;
  bool flags_tombstones = false;  // latest: rows of deleted keys stay
  bool has_native_enums = false;
  bool flattens_records = false;
  std::string key_column = "key";  // of a key that is no record
  std::string key_prefix = {};     // put before the names of the key's columns
};

struct TableShape {
  TableName table;
  std::vector<Column> columns;           // the key's first, kafka_… last
  std::vector<std::string> primary_key;  // names
  bool has_native_enums = false;
};

// kInvalidArgument where two columns would have one name, or there is no key and one is needed. A schema is absent
// where the topic has none for that part and none was seen; what can be written then are tombstones.
Result<TableShape> shape_of(const TableName& table, const std::optional<avro::Schema>& key,
                            const std::optional<avro::Schema>& value, const ShapeOptions& options);

// What a schema's type is in PostgreSQL; [null, X] is X.
ColumnType column_type(const avro::Node& node);

}  // namespace omashu::sink::postgres
