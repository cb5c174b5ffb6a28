#include "broker/runtime/flush_timers.h"

#include <algorithm>

namespace omashu::broker {

namespace {

// A log is kept alive until then, even where its topic is deleted meanwhile.
constexpr int64_t kMaxWaitMs = 24 * 3'600'000;

}  // namespace

void FlushTimers::flush_within(const std::shared_ptr<PartitionLog>& log, int64_t ms) {
  {
    const MutexLock lock(mutex_);
    if (!waiting_.insert(log.get()).second) return;
  }
  timers_.at(clock_.steady_ms() + std::min(ms, kMaxWaitMs), [this, log] {
    {
      const MutexLock lock(mutex_);
      waiting_.erase(log.get());
    }
    // An error ends appending to the log, which tells whoever appends next.
    flusher_.when_durable(log, [](const Result<void>&) {});
  });
}

}  // namespace omashu::broker
