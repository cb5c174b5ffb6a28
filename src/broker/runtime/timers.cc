#include "broker/runtime/timers.h"

#include <algorithm>
#include <chrono>

namespace omashu::broker {
namespace {

// The clock's own arithmetic overflows with what is as good as never.
constexpr int64_t kMaxWaitMs = 3'600'000;

}  // namespace

Timers::Timers(Clock& clock) : clock_(clock), thread_([this] { run(); }) {}

Timers::~Timers() { stop(); }

Timers::Id Timers::at(int64_t steady_ms, Call call) {
  const MutexLock lock(mutex_);
  const Id id{steady_ms, ++last_number_};
  const bool is_next = calls_.empty() || id < calls_.begin()->first;
  calls_.emplace(id, std::move(call));
  if (is_next) changed_.notify_one();
  return id;
}

void Timers::cancel(const Id& id) {
  Call cancelled;  // and destroyed without the lock: it may hold the last reference to anything
  const MutexLock lock(mutex_);
  if (const auto found = calls_.find(id); found != calls_.end()) {
    cancelled = std::move(found->second);
    calls_.erase(found);
  }
}

void Timers::stop() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Timers::run() {
  MutexLock lock(mutex_);
  while (!is_stopping_) {
    if (calls_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const int64_t left_ms = calls_.begin()->first.first - clock_.steady_ms();
    if (left_ms > 0) {
      changed_.wait_until(lock,
                          std::chrono::steady_clock::now() + std::chrono::milliseconds(std::min(left_ms, kMaxWaitMs)));
      continue;
    }
    Call call = std::move(calls_.begin()->second);
    calls_.erase(calls_.begin());
    lock.unlock();
    call();
    call = nullptr;
    lock.lock();
  }
}

}  // namespace omashu::broker
