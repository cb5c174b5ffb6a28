#include "base/ordered_workers.h"

#include <system_error>
#include <utility>

#include "base/thread_signals.h"

namespace omashu {

OrderedWorkers::OrderedWorkers(size_t threads, size_t max_pending) : max_pending_(max_pending) {
  for (size_t i = 0; i < threads; ++i) {
    try {
      threads_.emplace_back([this] {
        block_signals();
        work();
      });
    } catch (const std::system_error&) {
      break;
    }
  }
}

OrderedWorkers::~OrderedWorkers() {
  {
    const MutexLock lock(mutex_);
    is_ending_ = true;
    waiting_.clear();
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void OrderedWorkers::give(std::unique_ptr<Job> job) {
  pending_.push_back(std::make_unique<Entry>(Entry{.job = std::move(job)}));
  {
    const MutexLock lock(mutex_);
    waiting_.push_back(pending_.back().get());
  }
  has_work_.notify_one();
}

std::unique_ptr<OrderedWorkers::Job> OrderedWorkers::take(bool waits) {
  if (pending_.empty()) return nullptr;
  Entry& oldest = *pending_.front();
  if (threads_.empty()) {
    const MutexLock lock(mutex_);
    waiting_.pop_front();
    oldest.job->run();
  } else {
    MutexLock lock(mutex_);
    if (!oldest.is_done && !waits) return nullptr;
    while (!oldest.is_done) has_done_.wait(lock);
  }
  std::unique_ptr<Job> job = std::move(oldest.job);
  pending_.pop_front();
  return job;
}

void OrderedWorkers::work() {
  MutexLock lock(mutex_);
  for (;;) {
    while (waiting_.empty() && !is_ending_) has_work_.wait(lock);
    if (is_ending_) return;
    Entry* const entry = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    entry->job->run();
    lock.lock();
    entry->is_done = true;
    has_done_.notify_one();
  }
}

}  // namespace omashu
