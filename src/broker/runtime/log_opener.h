// Opens logs, and recovers them where that is needed, away from the threads that serve connections. Whoever needs a log
// that is being opened waits for the same opening, without holding a thread: only as many threads are busy as there are
// logs to open.
//
// Thread-safe.

#pragma once

#include <atomic>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/executor.h"
#include "base/mutex.h"

namespace omashu::broker {

class PartitionLog;

class LogOpener {
 public:
  using Logs = std::vector<std::shared_ptr<PartitionLog>>;

  // The executor must outlive it, and be stopped before it is destroyed.
  explicit LogOpener(Executor& executor) : executor_(executor) {}
  LogOpener(const LogOpener&) = delete;
  LogOpener& operator=(const LogOpener&) = delete;

  // Calls `opened` in a thread of the executor once each of the logs, of which there is at least one, has been opened
  // or could not be.
  void open(Logs logs, Executor::Task opened) EXCLUDES(mutex_);

 private:
  struct Waiter {
    std::atomic<size_t> logs_left;
    Executor::Task opened;
  };
  using Waiters = std::vector<std::shared_ptr<Waiter>>;

  void open_log(const std::shared_ptr<PartitionLog>& log) EXCLUDES(mutex_);

  Executor& executor_;
  Mutex mutex_;
  std::unordered_map<std::shared_ptr<PartitionLog>, Waiters> waiters_ GUARDED_BY(mutex_);  // of what is being opened
};

}  // namespace omashu::broker
