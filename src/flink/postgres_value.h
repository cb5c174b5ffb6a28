// What Flink hands to PostgreSQL for a column, so that it becomes the value that `omashu sink postgres` writes.

#pragma once

#include <optional>
#include <string>

#include "avro/schema.h"
#include "flink/readable_schema.h"
#include "sink/postgres/column.h"

namespace omashu::flink {

struct PostgresValue {
  std::string sql_type;    // of the column of Flink's table: "BIGINT", "STRING"
  std::string expression;  // over a row of the topic's table
};

// `type` is the field's, `column` the column of the topic's table, as SQL names it. The JDBC connector knows fewer
// types than PostgreSQL and ties times to the zone of the machine: what is not the same in both goes as text, whose
// type PostgreSQL takes from the column (stringtype=unspecified). Nothing where no expression gives the same value.
std::optional<PostgresValue> postgres_value(const ReadableSchema& schema, const avro::Node& type,
                                            const sink::postgres::ColumnType& target, const std::string& column);

// The text of an instant of Kafka or of a window, which Flink shows in the session's zone; the script sets it to UTC.
std::string instant_of_session(const std::string& column);

}  // namespace omashu::flink
