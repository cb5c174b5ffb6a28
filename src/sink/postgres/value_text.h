// Values as the text that PostgreSQL reads: what stands in array literals, and numerics.
//
// What PostgreSQL cannot hold is kCorrupt, of the record, and leaves `out` with a part of the text.

#pragma once

#include <string>
#include <string_view>

#include "avro/datum.h"
#include "omashu/result.h"
#include "sink/postgres/column.h"

namespace omashu::sink::postgres {

// A value that is there, of a type that is neither an array nor jsonb.
Result<void> append_value_text(const ColumnType& type, const avro::Datum& datum, std::string& out);

// {"a","b\"c",NULL}: `datum` is an array of the values above.
Result<void> append_array_text(const ColumnType& type, const avro::Datum& datum, std::string& out);

// An item of an array literal, in quotes.
void append_array_item(std::string_view text, std::string& out);

// What text columns cannot hold.
Result<void> check_text(std::string_view text);
Result<void> check_finite(double value);

}  // namespace omashu::sink::postgres
