// A row as one line of JSON, as `list` and `watch` print it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "table/row.h"
#include "table/watcher.h"

namespace omashu::table {

// {"key":…,"value":…,"partition":…,"offset":…,"timestamp":…}, and "event" behind them where there is one. The value of
// a deleted row is null.
void append_row(std::string& out, const Row& row, std::optional<Event> event = std::nullopt);

// "2024-02-29T23:59:59.999Z"; "" where there is none (below 0).
std::string timestamp_text(int64_t timestamp_ms);

// The same at the end of a text, of a time that is there.
void append_timestamp(std::string& out, int64_t timestamp_ms);

}  // namespace omashu::table
