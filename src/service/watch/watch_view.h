// What a watcher wants to see of a table: the rows of a filter, in the fields that it chose. It finds from a change's
// before and after what it means to the watcher, without a set of the keys that were shown.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "service/rows/field_selection.h"
#include "service/rows/row_parts.h"
#include "table/filter.h"
#include "table/live/change_feed.h"
#include "table/typed_topic.h"
#include "table/watcher.h"

namespace omashu::service {

// Immutable, and so thread-safe.
struct WatchQuestion {
  std::string topic;
  std::shared_ptr<table::TypedTopic> typed;
  table::Filter filter = {};  // bound to its schemas
  FieldSelection fields = {};
  std::string text = {};  // equal for those who see the same
};

// For one thread at a time.
class WatchView {
 public:
  explicit WatchView(std::shared_ptr<const WatchQuestion> question);

  bool matches(const table::LiveRow& row);

  // What the change is to those who watch; nothing where it is none of their rows.
  std::optional<table::Event> event_of(const table::Change& change);

  // The row's JSON. One that cannot be read any more says why.
  std::string row_text(const table::LiveRow& row) const;

 private:
  bool is_shown(const std::shared_ptr<const table::LiveRow>& row) {
    return row != nullptr && row->value && matches(*row);
  }

  const std::shared_ptr<const WatchQuestion> question_;
  RowParts parts_;
};

}  // namespace omashu::service
