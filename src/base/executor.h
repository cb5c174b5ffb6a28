// Threads for work that waits for the disk or for another server, so that no thread that serves connections does. They
// are started when they are needed, up to a number; what is posted beyond that waits for its turn, in order.
//
// It has no bound of its own: a connection has at most one request here at a time, and connections are bounded.
// Thread-safe.

#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace omashu {

class Executor {
 public:
  using Task = std::move_only_function<void()>;

  explicit Executor(size_t max_threads) : max_threads_(max_threads) {}
  ~Executor() { stop(); }
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // With one thread, tasks run in the order in which they are posted. After stop() they are dropped. Where the system
  // gives no thread at all, the task is run by the caller, who therefore holds no lock that a task takes.
  void post(Task task) EXCLUDES(mutex_);

  // Waits for the tasks that run, and drops those that have not begun. Not called by a task.
  void stop() EXCLUDES(mutex_);

 private:
  bool start_thread() REQUIRES(mutex_);
  void run() EXCLUDES(mutex_);

  const size_t max_threads_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<Task> tasks_ GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ GUARDED_BY(mutex_);
  size_t idle_threads_ GUARDED_BY(mutex_) = 0;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
};

}  // namespace omashu
