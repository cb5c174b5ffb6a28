#include "service/cluster/lane.h"

#include <utility>

namespace omashu::service {

bool Lane::post(Executor::Task task) {
  {
    const MutexLock lock(mutex_);
    if (running_ == max_running_) {
      if (waiting_.size() == max_waiting_) return false;
      waiting_.push_back(std::move(task));
      return true;
    }
    ++running_;
  }
  start(std::move(task));
  return true;
}

void Lane::start(Executor::Task task) {
  executor_.post([lane = shared_from_this(), task = std::move(task)]() mutable {
    task();
    task = nullptr;
    lane->start_next();
  });
}

void Lane::start_next() {
  Executor::Task next;
  {
    const MutexLock lock(mutex_);
    if (waiting_.empty()) {
      --running_;
      return;
    }
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  start(std::move(next));
}

}  // namespace omashu::service
