// A record that a write puts on the table's topic.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "table/live/live_row.h"

namespace omashu::service {

struct NewRecord {
  std::string key;                                   // as it stands on the topic
  std::optional<std::string> value;                  // the same; absent: a tombstone
  std::optional<std::string> schema_id_header = {};  // where the value's schema is named in a header

  bool operator==(const NewRecord&) const = default;
};

// A row as a write finds it. Null, or without a value: there is none.
using RowPtr = std::shared_ptr<const table::LiveRow>;

inline bool is_there(const RowPtr& row) { return row != nullptr && row->value.has_value(); }

// Whether both are the same record, or both are no row. A row whose time to live is over may be either: it is hidden
// from the moment on, and the feed tells of it a little later.
inline bool is_same_row(const RowPtr& a, const RowPtr& b) {
  if (a != nullptr && b != nullptr && a->position == b->position) return true;
  return !is_there(a) && !is_there(b);
}

}  // namespace omashu::service
