// Makes sure that a table is there and suits, before rows are written to it.

#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "sink/postgres/catalog.h"
#include "sink/postgres/connection.h"

namespace omashu::sink::postgres {

struct SetupOptions {
  bool creates = false;                                                              // may make what is not there
  bool evolves = false;                                                              // may change what is there
  std::function<void(const std::string&)> on_statement = [](const std::string&) {};  // each that has changed something
};

// The table as it then is. kStop where it does not suit and may not be changed: the error has the statements that would
// make it suit.
DatabaseResult<ActualTable> set_up_table(Connection& connection, const TableShape& shape, const SetupOptions& options,
                                         const std::stop_token& stop);

DatabaseResult<void> set_up_positions(Connection& connection, const TableName& table, const SetupOptions& options,
                                      const std::stop_token& stop);

}  // namespace omashu::sink::postgres
