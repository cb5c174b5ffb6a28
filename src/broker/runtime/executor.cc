#include "broker/runtime/executor.h"

#include <utility>

namespace omashu::broker {

void Executor::post(Task task) {
  const MutexLock lock(mutex_);
  if (is_stopping_) return;
  tasks_.push_back(std::move(task));
  if (tasks_.size() > idle_threads_ && threads_.size() < max_threads_) {
    threads_.emplace_back([this] { run(); });
  } else {
    changed_.notify_one();
  }
}

void Executor::run() {
  MutexLock lock(mutex_);
  for (;;) {
    while (!is_stopping_ && tasks_.empty()) {
      ++idle_threads_;
      changed_.wait(lock);
      --idle_threads_;
    }
    if (is_stopping_) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

void Executor::stop() {
  std::vector<std::thread> threads;
  std::deque<Task> dropped;  // and destroyed without the lock
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
    threads.swap(threads_);
    dropped.swap(tasks_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace omashu::broker
