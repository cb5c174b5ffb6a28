// Calls functions again and again, on a thread of its own: for what nobody asks for. Thread-safe.

#pragma once

#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace omashu::service {

class Ticker {
 public:
  explicit Ticker(std::chrono::milliseconds interval) : interval_(interval) {}
  ~Ticker() { stop(); }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  // Before start(). The functions do not wait.
  void add(std::function<void()> on_tick) { functions_.push_back(std::move(on_tick)); }

  void start();
  void stop() EXCLUDES(mutex_);

 private:
  void run() EXCLUDES(mutex_);

  const std::chrono::milliseconds interval_;
  std::vector<std::function<void()>> functions_;
  Mutex mutex_;
  ConditionVariable stopped_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace omashu::service
