#include "base/executor.h"

#include <system_error>
#include <utility>

namespace omashu {

void Executor::post(Task task) {
  MutexLock lock(mutex_);
  if (is_stopping_) return;
  const bool needs_thread = tasks_.size() >= idle_threads_ && threads_.size() < max_threads_;
  if (needs_thread && !start_thread() && threads_.empty()) {
    lock.unlock();
    return task();
  }
  tasks_.push_back(std::move(task));
  changed_.notify_one();
}

bool Executor::start_thread() {
  try {
    threads_.emplace_back([this] { run(); });
    return true;
  } catch (const std::system_error&) {  // the system has no thread left for this process
    return false;
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

}  // namespace omashu
