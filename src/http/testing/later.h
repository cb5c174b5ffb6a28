// Exchanges that a handler leaves for a test to answer. Thread-safe.

#pragma once

#include <chrono>
#include <deque>
#include <utility>

#include "base/mutex.h"
#include "http/exchange.h"

namespace omashu::http::testing {

class Later {
 public:
  void put(ExchangePtr exchange) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    exchanges_.push_back(std::move(exchange));
    arrived_.notify_all();
  }

  // The first that is there, or comes within ten seconds; else null.
  ExchangePtr take() EXCLUDES(mutex_) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    MutexLock lock(mutex_);
    while (exchanges_.empty()) {
      if (!arrived_.wait_until(lock, deadline)) return nullptr;
    }
    ExchangePtr exchange = std::move(exchanges_.front());
    exchanges_.pop_front();
    return exchange;
  }

 private:
  Mutex mutex_;
  ConditionVariable arrived_;
  std::deque<ExchangePtr> exchanges_ GUARDED_BY(mutex_);
};

}  // namespace omashu::http::testing
