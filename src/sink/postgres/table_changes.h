// What has to be done to a table so that the rows of a topic suit it. No connection: statements out of two
// descriptions.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sink/postgres/table_shape.h"

namespace omashu::sink::postgres {

struct ActualColumn {
  std::string name;
  std::string type;                           // format_type() with its modifier: "numeric(10,2)"
  std::string base_type;                      // without: what a value is cast to
  bool is_required = false;                   // NOT NULL, and nothing fills it in
  std::vector<std::string> enum_labels = {};  // of an enum type, or of an array over one
};

// A table as the database's catalog describes it.
struct ActualTable {
  std::vector<ActualColumn> columns;
  std::vector<std::vector<std::string>> unique_keys;              // the columns of each, in any order
  std::map<std::string, std::vector<std::string>> check_symbols;  // of each CHECK constraint, the texts in it

  const ActualColumn* find(const std::string& name) const;
};

// CREATE TYPE and CREATE TABLE, in their order.
std::vector<std::string> creation_statements(const TableShape& shape);

struct TableChanges {
  std::vector<std::string> statements;  // that lose nothing
  std::vector<std::string> refusals;    // what no statement mends without loss, and what to do
};
TableChanges changes_for(const TableShape& shape, const ActualTable& table);

// The table of positions; IF NOT EXISTS.
std::string positions_creation(const TableName& table);

}  // namespace omashu::sink::postgres
