// The latest changes of a table, in the order in which they were made, for those who follow them at their own pace.
//
// The feed keeps a bounded number of bytes. Whoever is slower than that finds that what it wants next is gone, and
// starts again from a snapshot: nobody's slowness costs others memory. Changes are shared, never copied.
//
// Somebody who comes back says which records it has seen. Another process, or this one after a restart, may have read
// the partitions in another order, so what was seen need not be a beginning of this feed: after() finds the first
// change that was not seen, and those behind it that were are passed over by their cause (PositionSet::contains).
//
// Thread-safe.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "table/live/live_row.h"
#include "table/position_set.h"

namespace omashu::table {

struct Change {
  std::shared_ptr<const LiveRow> before;  // null: there was no row, or it was deleted
  std::shared_ptr<const LiveRow> after;   // never null; without a value: deleted
  // The record that was read. Mostly that of `after`; but where a partition's latest record of the key is replaced by
  // one with an earlier timestamp, another partition's older record may be what the row shows then.
  Position cause;
  bool is_expiry = false;  // the row's ttl is over: no record says so, and `cause` is the row's own
};

class ChangeFeed {
 public:
  using Sequence = uint64_t;

  explicit ChangeFeed(size_t max_bytes = size_t{16} << 20) : max_bytes_(max_bytes) {}

  // ---- the table's reader

  // The feed begins anew, behind these positions: whoever followed it finds that its next change is gone. Where rows
  // may have expired that nobody was told of, nobody can go on by positions alone.
  void restart(const PositionSet& read_up_to, bool may_have_expired) EXCLUDES(mutex_);

  // One batch, which the store has already.
  void append(std::vector<Change> changes, const PositionSet& read_up_to) EXCLUDES(mutex_);

  // Calls the listeners, on this thread, which holds no lock that they take.
  void notify() EXCLUDES(mutex_);

  // ---- those who follow

  Sequence end() const EXCLUDES(mutex_);  // of the next change

  // The records that were read when the change before end() was appended, those that changed nothing included. It
  // lies behind the causes of all changes.
  PositionSet read_up_to() const EXCLUDES(mutex_);

  // From `from` on, at most `max`; empty where none has come. Nothing: some of them are gone.
  std::optional<std::vector<Change>> read(Sequence from, size_t max) const EXCLUDES(mutex_);

  // The first change that somebody has not seen who has seen these positions; nothing where it may be gone. The
  // expiries right behind what was seen may be given a second time: no record tells them apart.
  std::optional<Sequence> after(const PositionSet& seen) const EXCLUDES(mutex_);

  // Called after changes were appended or the feed was restarted, on the reader's thread, which it must not keep
  // waiting.
  using ListenerId = uint64_t;
  ListenerId add_listener(std::function<void()> on_change) EXCLUDES(mutex_);
  // It is not being called any more when this returns; but for a listener that removes itself.
  void remove_listener(ListenerId id) EXCLUDES(mutex_);

 private:
  struct Entry {
    Change change;
    size_t bytes = 0;
  };

  void forget_oldest() REQUIRES(mutex_);

  const size_t max_bytes_;
  mutable Mutex mutex_;
  std::deque<Entry> entries_ GUARDED_BY(mutex_);
  Sequence first_ GUARDED_BY(mutex_) = 0;  // of entries_
  size_t bytes_ GUARDED_BY(mutex_) = 0;
  PositionSet read_up_to_ GUARDED_BY(mutex_);
  PositionSet forgotten_ GUARDED_BY(mutex_);  // up to which changes are gone
  bool has_forgotten_expiries_ GUARDED_BY(mutex_) = false;

  std::map<ListenerId, std::shared_ptr<const std::function<void()>>> listeners_ GUARDED_BY(mutex_);
  ListenerId last_listener_ GUARDED_BY(mutex_) = 0;
  ListenerId called_ GUARDED_BY(mutex_) = 0;    // 0: none
  std::thread::id calling_ GUARDED_BY(mutex_);  // the thread that calls it
  ConditionVariable has_called_;
};

}  // namespace omashu::table
