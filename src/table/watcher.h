// What somebody who watches the rows of a filter is told.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "table/row.h"

namespace omashu::table {

enum class Event : uint8_t {
  kEnter,   // the row is new, or the filter applies to it now
  kUpdate,  // it was there, and changed
  kLeave,   // it is still there, but the filter applies to it no more
  kDelete,  // it was there, and is deleted
};

std::string_view event_name(Event event);  // "enter"…

class Watcher {
 public:
  // The row after a change, and whether the filter applies to it now. Nothing where it neither was nor is what is
  // watched.
  std::optional<Event> observe(const Row& row, bool is_match);

 private:
  std::unordered_set<std::string> watched_;  // keys of the rows that the filter applies to
};

}  // namespace omashu::table
