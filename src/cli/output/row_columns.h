// The columns of a table's row, for RowOutput: one for each field of the key and of the value, and behind them what
// happened to it, the time of its record, and its place.

#pragma once

#include <optional>

#include "base/json.h"
#include "table/row.h"
#include "table/watcher.h"

namespace omashu::cli {

// {"id":…,"status":…,"(event)":…,"(timestamp)":…,"(partition-offset)":…}. A key or value that is no record is one
// column, `key` or `value`. A field of the value that the key has too stands in one column; where the two differ, the
// key's is `key.FIELD`.
json::Value row_columns(const table::Row& row, std::optional<table::Event> event = std::nullopt);

}  // namespace omashu::cli
