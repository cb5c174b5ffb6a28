#include "broker/runtime/flusher.h"

#include <utility>

#include "broker/log/partition_log.h"

namespace omashu::broker {

Flusher::Flusher(size_t threads) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Flusher::~Flusher() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Flusher::when_durable(std::shared_ptr<PartitionLog> log, Done done) {
  const std::lock_guard lock(mutex_);
  Waiting& waiting = logs_[log];
  waiting.calls.push_back(std::move(done));
  if (waiting.is_being_synced || waiting.calls.size() > 1) return;
  due_.push_back(std::move(log));
  changed_.notify_one();
}

void Flusher::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !due_.empty() || (is_stopping_ && logs_.empty()); });
    if (due_.empty()) return;
    const std::shared_ptr<PartitionLog> log = std::move(due_.front());
    due_.pop_front();
    std::vector<Done> calls = std::exchange(logs_[log].calls, {});
    logs_[log].is_being_synced = true;
    lock.unlock();

    const auto flushed = log->flush();
    const Result<void> result = flushed ? Result<void>() : fail(flushed.error());
    for (Done& done : calls) done(result);
    calls.clear();

    lock.lock();
    const auto waiting = logs_.find(log);
    waiting->second.is_being_synced = false;
    if (waiting->second.calls.empty()) {
      logs_.erase(waiting);
      if (is_stopping_) changed_.notify_all();
    } else {
      due_.push_back(log);
      changed_.notify_one();
    }
  }
}

}  // namespace omashu::broker
