// Calls that are due at a time, made by one thread, which sleeps until the next of them is due. Thread-safe.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <thread>
#include <utility>

#include "base/mutex.h"
#include "broker/runtime/clock.h"

namespace omashu::broker {

class Timers {
 public:
  using Call = std::move_only_function<void()>;
  using Id = std::pair<int64_t, uint64_t>;  // when it is due, and which of those

  explicit Timers(Clock& clock);
  ~Timers();  // what is not due yet is never called
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  // By the steady time. A call must not wait for anything: the others wait for it.
  Id at(int64_t steady_ms, Call call) EXCLUDES(mutex_);

  // Does nothing where it has been called, or is being called now.
  void cancel(const Id& id) EXCLUDES(mutex_);

  // No call is made after it has returned.
  void stop() EXCLUDES(mutex_);

 private:
  void run();

  Clock& clock_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::map<Id, Call> calls_ GUARDED_BY(mutex_);
  uint64_t last_number_ GUARDED_BY(mutex_) = 0;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace omashu::broker
