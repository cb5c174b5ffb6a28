// flush.ms: a log that has been appended to is synced so long afterwards at the latest. Thread-safe.

#pragma once

#include <cstdint>
#include <memory>
#include <unordered_set>

#include "base/mutex.h"
#include "broker/runtime/clock.h"
#include "broker/runtime/flusher.h"
#include "broker/runtime/timers.h"

namespace omashu::broker {

class FlushTimers {
 public:
  // All must outlive it, and `timers` must be stopped before it goes.
  FlushTimers(Clock& clock, Timers& timers, Flusher& flusher) : clock_(clock), timers_(timers), flusher_(flusher) {}

  // A log for which a time is running already keeps it: its oldest record decides.
  void flush_within(const std::shared_ptr<PartitionLog>& log, int64_t ms) EXCLUDES(mutex_);

 private:
  Clock& clock_;
  Timers& timers_;
  Flusher& flusher_;

  Mutex mutex_;
  std::unordered_set<const PartitionLog*> waiting_ GUARDED_BY(mutex_);
};

}  // namespace omashu::broker
