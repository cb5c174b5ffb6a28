#include "base/pause.h"

#include "base/mutex.h"

namespace omashu {

void pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  Mutex mutex;
  ConditionVariable stop_was_requested;
  const std::stop_callback on_stop(stop, [&] {
    // Under the lock, so that the request does not come between the question and the waiting below.
    const MutexLock lock(mutex);
    stop_was_requested.notify_all();
  });
  MutexLock lock(mutex);
  while (!stop.stop_requested() && stop_was_requested.wait_until(lock, deadline)) {
  }
}

}  // namespace omashu
