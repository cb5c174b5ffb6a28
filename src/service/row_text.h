// A row as JSON, as lists, look-ups of several keys and events have it:
//
//   {"key":…,"value":…,"position":"status-download-2-17","timestamp":"2026-11-30T08:00:05.000Z"}

#pragma once

#include <string>
#include <string_view>

#include "omashu/result.h"
#include "table/live/live_row.h"
#include "table/typed_topic.h"

namespace omashu::service {

// `value` is JSON. A timestamp that is not there is null.
void append_row(std::string& out, std::string_view topic, const table::LiveRow& row, std::string_view value);

// With null as its value, and behind it why that does not decode: "problem".
void append_unreadable_row(std::string& out, std::string_view topic, const table::LiveRow& row,
                           std::string_view problem);

// With the row's value as plain JSON; null where it was deleted. May wait for the registry.
Result<void> append_row(std::string& out, std::string_view topic, table::TypedTopic& typed, const table::LiveRow& row);

}  // namespace omashu::service
