// Records of a topic as rows of a PostgreSQL table: the latest per key, or each of them. Exactly once: the positions of
// the group's partitions are in the same database, and move in the transaction that writes the rows.
//
// The way of a batch: part_schema.h sees keys and values as the latest schemas do, table_shape.h says which columns
// those ask for, table_setup.h makes the table suit, row_writer.h writes, positions.h fences.

#pragma once

#include <memory>
#include <string>

#include "schema_registry/client/client.h"
#include "sink/postgres/table_setup.h"
#include "sink/postgres/table_shape.h"
#include "sink/sink.h"

namespace omashu::sink::postgres {

struct PostgresOptions {
  std::string dsn;  // check_connection_string() has passed it
  TableName table;
  TableName positions_table;
  std::string topic;
  std::string group;
  ShapeOptions shape;
  SetupOptions setup;
  size_t copy_rows = 10'000;
};

// The registry must outlive the sink.
std::unique_ptr<Sink> make_postgres_sink(schema_registry::Client& registry, PostgresOptions options);

}  // namespace omashu::sink::postgres
