#include "table/watcher.h"

namespace omashu::table {

std::string_view event_name(Event event) {
  switch (event) {
    case Event::kEnter: return "enter";
    case Event::kUpdate: return "update";
    case Event::kLeave: return "leave";
    case Event::kDelete: return "delete";
  }
  return "";
}

std::optional<Event> Watcher::observe(const Row& row, bool is_match) {
  const std::string key(row.key);
  if (row.value && is_match) {
    return watched_.insert(key).second ? Event::kEnter : Event::kUpdate;
  }
  if (watched_.erase(key) == 0) return std::nullopt;
  return row.value ? Event::kLeave : Event::kDelete;
}

}  // namespace omashu::table
