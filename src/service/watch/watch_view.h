// What a watcher wants to see of a table: the rows of a filter, in the fields that it chose. It finds from a change's
// before and after what it means to the watcher, without a set of the keys that were shown.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "service/rows/field_selection.h"
#include "service/rows/partition_selection.h"
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
  PartitionSelection partitions = {};
  std::string text = {};  // equal for those who see the same
};

// What conditions ask of a change: the row before it and the row after it, each read at most once, however many ask.
// For one thread at a time.
class ChangeParts {
 public:
  // For all who have the schemas of this question, and ask the key and the value as it does.
  explicit ChangeParts(const WatchQuestion& question);

  // `number` is the change's own.
  void begin(const table::Change& change, table::ChangeFeed::Sequence number);

  bool was_shown(const table::Filter& filter) { return is_shown(before_, filter); }
  bool is_shown_now(const table::Filter& filter) { return is_shown(after_, filter); }

 private:
  struct Side {
    Side(table::TypedTopic& typed, const table::Filter& filter)
        : parts(typed, filter.asks_key(), filter.asks_value()) {}

    RowParts parts;
    std::shared_ptr<const table::LiveRow> row;  // null where there is none, or it is deleted
    bool is_read = false;
    bool is_readable = false;
  };

  static bool is_shown(Side& side, const table::Filter& filter);

  const std::shared_ptr<table::TypedTopic> typed_;
  Side before_, after_;
  std::optional<table::ChangeFeed::Sequence> number_;
};

// For one thread at a time.
class WatchView {
 public:
  explicit WatchView(std::shared_ptr<const WatchQuestion> question)
      : WatchView(question, std::make_shared<ChangeParts>(*question)) {}
  // With parts that other views ask, too.
  WatchView(std::shared_ptr<const WatchQuestion> question, std::shared_ptr<ChangeParts> parts);

  bool matches(const table::LiveRow& row);

  // What the change is to those who watch; nothing where it is none of their rows.
  std::optional<table::Event> event_of(const table::Change& change, table::ChangeFeed::Sequence number);

  // The row's JSON. One that cannot be read any more says why.
  std::string row_text(const table::LiveRow& row) const;

 private:
  const std::shared_ptr<const WatchQuestion> question_;
  const std::shared_ptr<ChangeParts> change_;
  RowParts parts_;  // of rows that are looked at for their own sake
};

}  // namespace omashu::service
