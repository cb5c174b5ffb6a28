// Jobs that run on a few threads and come back in the order in which they were given: the middle of a pipeline whose
// ends, reading and printing, are one thread, the owner.
//
// Invariants:
//   - Only the owner calls; jobs run on the workers' threads, each job on one of them and once. Where the system gives
//     no thread, take() runs the job itself.
//   - A job is the workers' from give() until take() returns it; between the two the owner does not touch it. What
//     a job wrote is seen by the owner after take().
//   - take() returns jobs in the order of give(), however long each runs.
//   - No more than `max_pending` jobs are pending, which bounds the memory: the owner asks is_full() before it gives.
//   - The destructor drops the jobs that have not begun and waits for those that run; nothing runs after it. So
//     an owner that stops early, for an error or a signal, just leaves.

#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace omashu {

class OrderedWorkers {
 public:
  class Job {
   public:
    virtual ~Job() = default;
    virtual void run() = 0;  // does not throw
  };

  OrderedWorkers(size_t threads, size_t max_pending);
  ~OrderedWorkers();
  OrderedWorkers(const OrderedWorkers&) = delete;
  OrderedWorkers& operator=(const OrderedWorkers&) = delete;

  bool is_full() const { return pending_.size() >= max_pending_; }
  bool is_empty() const { return pending_.empty(); }

  void give(std::unique_ptr<Job> job);

  // The oldest job, once it has run. Without `waits`, null where it has not yet; null where none is pending.
  std::unique_ptr<Job> take(bool waits);

 private:
  struct Entry {
    std::unique_ptr<Job> job;
    bool is_done = false;  // guarded by mutex_
  };

  void work();

  const size_t max_pending_;
  std::deque<std::unique_ptr<Entry>> pending_;  // the owner's: in the order of give()

  Mutex mutex_;
  ConditionVariable has_work_, has_done_;
  std::deque<Entry*> waiting_ GUARDED_BY(mutex_);  // not begun; elements of pending_
  bool is_ending_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace omashu
