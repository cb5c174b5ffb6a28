#include "service/ticker.h"

#include "base/thread_signals.h"

namespace omashu::service {

void Ticker::start() {
  if (functions_.empty()) return;
  thread_ = std::thread([this] {
    block_signals();
    run();
  });
}

void Ticker::stop() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Ticker::run() {
  while (true) {
    {
      const auto next = std::chrono::steady_clock::now() + interval_;
      MutexLock lock(mutex_);
      while (!is_stopping_ && stopped_.wait_until(lock, next)) {
      }
      if (is_stopping_) return;
    }
    for (const auto& on_tick : functions_) on_tick();
  }
}

}  // namespace omashu::service
