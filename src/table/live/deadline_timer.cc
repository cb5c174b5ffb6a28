#include "table/live/deadline_timer.h"

#include "base/thread_signals.h"

namespace omashu::table {

DeadlineTimer::~DeadlineTimer() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

DeadlineTimer::Id DeadlineTimer::set(Time at, std::function<void()> call) {
  const MutexLock lock(mutex_);
  const Id id = {at, ++last_number_};
  const bool is_earliest = calls_.empty() || id < calls_.begin()->first;
  calls_.emplace(id, std::move(call));
  if (!thread_.joinable()) {
    thread_ = std::thread([this] {
      block_signals();
      run();
    });
  } else if (is_earliest) {
    changed_.notify_one();
  }
  return id;
}

void DeadlineTimer::cancel(Id id) {
  const MutexLock lock(mutex_);
  calls_.erase(id);
}

void DeadlineTimer::run() {
  MutexLock lock(mutex_);
  while (!is_stopping_) {
    if (calls_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto next = calls_.begin();
    if (next->first.first > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, Time(next->first.first));
      continue;
    }
    const std::function<void()> call = std::move(next->second);
    calls_.erase(next);
    lock.unlock();
    call();
    lock.lock();
  }
}

}  // namespace omashu::table
