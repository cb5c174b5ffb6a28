// Requests that wait long for brokers and for the registry, a few at a time: they leave the executor's other threads to
// those that wait for a disk.

#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include "base/executor.h"
#include "base/mutex.h"

namespace omashu::service {

// Thread-safe. The executor outlives it.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  Lane(Executor& executor, size_t max_running, size_t max_waiting)
      : executor_(executor), max_running_(max_running), max_waiting_(max_waiting) {}

  // Runs the task on the executor when its turn has come. False where too many wait: it is dropped.
  bool post(Executor::Task task) EXCLUDES(mutex_);

 private:
  void start(Executor::Task task) EXCLUDES(mutex_);
  void start_next() EXCLUDES(mutex_);

  Executor& executor_;
  const size_t max_running_, max_waiting_;
  Mutex mutex_;
  size_t running_ GUARDED_BY(mutex_) = 0;
  std::deque<Executor::Task> waiting_ GUARDED_BY(mutex_);
};

}  // namespace omashu::service
