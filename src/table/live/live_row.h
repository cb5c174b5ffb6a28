// A row as readers of a live table hold it: a copy that stays as it is.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "table/row.h"

namespace omashu::table {

struct LiveRow {
  std::string key;                   // logical, plain JSON
  std::optional<std::string> value;  // a StoredValue (stored_value.h): the record's bytes; absent: deleted
  Position position;
  int64_t timestamp_ms = -1;

  // As TypedTopic::row_value() and the JSON of rows take it.
  Row view() const {
    return {.key = key,
            .value = value ? std::optional<std::string_view>(*value) : std::nullopt,
            .position = position,
            .timestamp_ms = timestamp_ms};
  }
};

}  // namespace omashu::table
