// The tables of PostgreSQL that Flink fills: the latest rows of a topic, as `omashu sink postgres` makes them, and what
// the views give.
//
// Flink's JDBC connector quotes no name, so it reaches lower-case columns alone that are no words of SQL. What it
// writes to is therefore a view of PostgreSQL over the table, with such names for the same columns; PostgreSQL passes
// inserts, updates and deletes of such views on to the table.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "flink/source_table.h"

namespace omashu::flink {

struct JdbcOptions {
  std::string url;  // jdbc:postgresql://HOST[:PORT]/DATABASE[?NAME=VALUE&…], without a password
};

// What is wrong with a URL; nothing for one that can be used.
Result<void> check_jdbc_url(const std::string& url);

// One of Flink's tables over PostgreSQL, and how it is filled.
struct PostgresTable {
  std::string problem;  // why there is none; "" where there is one
  std::string name;     // Flink's
  std::vector<std::string> remarks;
  std::vector<std::pair<std::string, std::string>> columns;  // names and types
  std::vector<std::string> key;
  std::string target;                            // the table or view of PostgreSQL, quoted
  std::vector<std::string> expressions;          // for each column
  std::string source;                            // what is selected from
  std::vector<std::string> postgres_statements;  // that make the target
};

PostgresTable latest_rows(const TopicTables& tables, TableNames& names);

// Of the views: a row for each state, and a row for each minute. `view` is Flink's name of it.
PostgresTable counts(const TopicTables& tables, const std::string& view, TableNames& names);
PostgresTable throughput(const std::string& view, TableNames& names);

std::string create_table_text(const PostgresTable& table, const JdbcOptions& options);
std::string insert_text(const PostgresTable& table);

}  // namespace omashu::flink
