// Tables as PostgreSQL's catalog describes them.

#pragma once

#include <optional>
#include <stop_token>

#include "sink/postgres/connection.h"
#include "sink/postgres/table_changes.h"

namespace omashu::sink::postgres {

// Nothing where there is no such table. kStop where it is a view, or anything else that is no table.
DatabaseResult<std::optional<ActualTable>> read_table(Connection& connection, const TableName& name,
                                                      const std::stop_token& stop);

// The texts in quotes of a constraint's definition: CHECK ((status = ANY (ARRAY['A'::text, 'B'::text]))).
std::vector<std::string> quoted_texts(std::string_view definition);

}  // namespace omashu::sink::postgres
