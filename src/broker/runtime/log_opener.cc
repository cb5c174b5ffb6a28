#include "broker/runtime/log_opener.h"

#include <utility>

#include "broker/log/partition_log.h"

namespace omashu::broker {

void LogOpener::open(Logs logs, Executor::Task opened) {
  const auto waiter = std::make_shared<Waiter>(logs.size(), std::move(opened));
  Logs unopened;  // for which nobody waits yet
  {
    const MutexLock lock(mutex_);
    for (const auto& log : logs) {
      Waiters& waiters = waiters_[log];
      waiters.push_back(waiter);
      if (waiters.size() == 1) unopened.push_back(log);
    }
  }
  for (const auto& log : unopened) executor_.post([this, log] { open_log(log); });
}

void LogOpener::open_log(const std::shared_ptr<PartitionLog>& log) {
  (void)log->offsets();  // opens it; whoever uses it meets the error again
  Waiters waiters;
  {
    const MutexLock lock(mutex_);
    waiters = std::move(waiters_.extract(log).mapped());
  }
  for (const auto& waiter : waiters) {
    if (waiter->logs_left.fetch_sub(1) == 1) waiter->opened();
  }
}

}  // namespace omashu::broker
