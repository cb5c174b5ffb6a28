// The changes of a table's rows that the transitions of the value's schema do not have: producers made them that do not
// look at the row before they write. Thread-safe.

#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "table/live/change_feed.h"
#include "table/typed_topic.h"

namespace omashu::table {

struct ImpossibleChange {
  std::string key;  // logical
  Position position;
  int64_t timestamp_ms = -1;
  ImpossibleTransition transition;
};

class TransitionWatch {
 public:
  void observe(TypedTopic& typed, std::span<const Change> changes) EXCLUDES(mutex_);

  int64_t count() const EXCLUDES(mutex_);
  std::vector<ImpossibleChange> last() const EXCLUDES(mutex_);  // the newest first, at most kMaxKept

  static constexpr size_t kMaxKept = 100;

 private:
  mutable Mutex mutex_;
  int64_t count_ GUARDED_BY(mutex_) = 0;
  std::deque<ImpossibleChange> last_ GUARDED_BY(mutex_);
};

}  // namespace omashu::table
