#include "sink/sink_worker.h"

#include <utility>

#include "base/thread_signals.h"

namespace omashu::sink {

SinkWorker::SinkWorker(std::function<void()> on_done) : on_done_(std::move(on_done)), thread_([this] { run(); }) {}

SinkWorker::~SinkWorker() {
  interrupt();
  {
    const MutexLock lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SinkWorker::start(Job job) {
  {
    const MutexLock lock(mutex_);
    job_ = std::move(job);
  }
  changed_.notify_all();
}

std::optional<Outcome> SinkWorker::take() {
  const MutexLock lock(mutex_);
  return std::exchange(outcome_, std::nullopt);
}

std::optional<Outcome> SinkWorker::wait(std::chrono::steady_clock::time_point deadline) {
  MutexLock lock(mutex_);
  while (!outcome_) {
    if (!changed_.wait_until(lock, deadline)) break;
  }
  return std::exchange(outcome_, std::nullopt);
}

void SinkWorker::run() {
  block_signals();
  MutexLock lock(mutex_);
  while (!is_ending_) {
    if (!job_) {
      changed_.wait(lock);
      continue;
    }
    Job job = *std::exchange(job_, std::nullopt);
    lock.unlock();
    Outcome outcome = job(interruption_.get_token());
    lock.lock();
    outcome_ = std::move(outcome);
    lock.unlock();
    changed_.notify_all();
    on_done_();
    lock.lock();
  }
}

}  // namespace omashu::sink
