// Calls at given times, by one thread, which is there from the first one on. Many are set and cancelled for each that
// is made. Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>
#include <utility>

#include "base/mutex.h"

namespace omashu::table {

class DeadlineTimer {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Id = std::pair<Time, uint64_t>;

  DeadlineTimer() = default;
  ~DeadlineTimer();  // calls that have not begun are not made
  DeadlineTimer(const DeadlineTimer&) = delete;
  DeadlineTimer& operator=(const DeadlineTimer&) = delete;

  // `call` must not keep the thread waiting, nor destroy the timer.
  Id set(Time at, std::function<void()> call) EXCLUDES(mutex_);
  // The call may be under way when this returns.
  void cancel(Id id) EXCLUDES(mutex_);

 private:
  void run() EXCLUDES(mutex_);

  Mutex mutex_;
  ConditionVariable changed_;
  std::map<Id, std::function<void()>> calls_ GUARDED_BY(mutex_);
  uint64_t last_number_ GUARDED_BY(mutex_) = 0;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace omashu::table
