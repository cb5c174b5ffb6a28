#include "broker/runtime/flusher.h"

#include <utility>

#include "broker/log/partition_log.h"

namespace omashu::broker {

Flusher::Flusher() : thread_([this] { run(); }) {}

Flusher::~Flusher() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Flusher::when_durable(std::shared_ptr<PartitionLog> log, Done done) {
  const MutexLock lock(mutex_);
  const bool is_first = waiting_.empty();
  waiting_[std::move(log)].push_back(std::move(done));
  if (is_first) changed_.notify_one();
}

void Flusher::run() {
  while (wait_for_calls()) {
    std::this_thread::yield();  // a request in another thread's hands is appended first, and needs no sync of its own
    const Logs logs = logs_waited_for();
    if (logs.size() > 1) {
      for (const auto& log : logs) log->start_flush();
    }
    for (const auto& log : logs) sync(log);
  }
}

bool Flusher::wait_for_calls() {
  MutexLock lock(mutex_);
  while (!is_stopping_ && waiting_.empty()) changed_.wait(lock);
  return !waiting_.empty();
}

Flusher::Logs Flusher::logs_waited_for() {
  const MutexLock lock(mutex_);
  Logs logs;
  logs.reserve(waiting_.size());
  for (const auto& [log, calls] : waiting_) logs.push_back(log);
  return logs;
}

void Flusher::sync(const std::shared_ptr<PartitionLog>& log) {
  MutexLock lock(mutex_);
  std::vector<Done> calls = std::move(waiting_.extract(log).mapped());
  lock.unlock();
  const auto flushed = log->flush();
  const Result<void> result = flushed ? Result<void>() : fail(flushed.error());
  for (Done& done : calls) done(result);
}

}  // namespace omashu::broker
