// The latest changes of a table, in the order in which they were made, for those who follow them at their own pace.
//
// The feed keeps a bounded number of bytes. Whoever is slower than that finds that what it wants next is gone, and
// starts again from a snapshot: nobody's slowness costs others memory. Changes are shared, never copied.
//
// Thread-safe.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/mutex.h"
#include "table/live/live_row.h"
#include "table/position_set.h"

namespace omashu::table {

struct Change {
  std::shared_ptr<const LiveRow> before;  // null: there was no row, or it was deleted
  std::shared_ptr<const LiveRow> after;   // never null; without a value: deleted. Its position is that of the change
};

class ChangeFeed {
 public:
  using Sequence = uint64_t;

  explicit ChangeFeed(size_t max_bytes = 16 << 20) : max_bytes_(max_bytes) {}

  // ---- the table's reader

  // One batch, already in the store. Then the listeners are called, on this thread.
  void append(std::vector<Change> changes, const PositionSet& read_up_to);

  // ---- those who follow

  Sequence end() const;  // of the next change

  // From `from` on, at most `max`; empty where none has come. Nothing: some of them are gone.
  std::optional<std::vector<Change>> read(Sequence from, size_t max) const;

  // The first change after the positions that somebody has seen; nothing where it may be gone.
  std::optional<Sequence> after(const PositionSet& seen) const;

  // Called after each append(), on the reader's thread, which it must not keep waiting.
  using ListenerId = uint64_t;
  ListenerId add_listener(std::function<void()> on_change);
  void remove_listener(ListenerId id);  // it is not being called any more when this returns

 private:
  struct Entry {
    Change change;
    size_t bytes = 0;
  };

  const size_t max_bytes_;
  mutable Mutex mutex_;
  std::deque<Entry> entries_ GUARDED_BY(mutex_);
  Sequence first_ GUARDED_BY(mutex_) = 0;  // of entries_
  size_t bytes_ GUARDED_BY(mutex_) = 0;
  PositionSet forgotten_ GUARDED_BY(mutex_);  // up to which changes are gone
  std::map<ListenerId, std::function<void()>> listeners_ GUARDED_BY(mutex_);
  ListenerId last_listener_ GUARDED_BY(mutex_) = 0;
};

}  // namespace omashu::table
