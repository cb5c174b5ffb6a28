// Fields in PostgreSQL's binary format: a length of four bytes (-1: null), then the value, all big-endian. Arrays of
// parameters and COPY are made of the same fields.
//
// What has a binary form of fixed size is sent in it, and text and bytes as they are. The others (numeric, jsonb,
// enums, arrays) are sent as text, which the statement casts to the column's type.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "avro/codec.h"
#include "avro/datum.h"
#include "omashu/result.h"
#include "sink/postgres/column.h"

namespace omashu::sink::postgres {

// The type in which a column's fields are sent: its name, and its object id in pg_type, which is fixed for built-in
// types, as is that of the array over it.
struct WireType {
  std::string_view name;
  uint32_t oid;
  uint32_t array_oid;
};
WireType wire_type(const ColumnType& type);

void append_int16(int16_t value, std::string& out);
void append_int32(int32_t value, std::string& out);
void append_int64(int64_t value, std::string& out);

void append_null_field(std::string& out);
void append_int32_field(int32_t value, std::string& out);
void append_int64_field(int64_t value, std::string& out);
void append_bytes_field(std::string_view bytes, std::string& out);

// Appends the field of a value that is there. `json` is the decoder for what datum's declared type is, where the column
// is jsonb. kCorrupt where PostgreSQL cannot hold the value; `out` is then as it was.
Result<void> append_field(const ColumnType& type, const avro::Datum& datum, const avro::Decoder* json,
                          std::string& out);

}  // namespace omashu::sink::postgres
