// Shows on a terminal what a command waits for, once that has taken a second: "waiting for the schema registry at …".

#pragma once

#include <chrono>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "cli/diagnostics.h"

namespace omashu::cli {

class WaitNotice {
 public:
  // `what` is what is waited for.
  WaitNotice(Diagnostics& messages, std::string what);
  ~WaitNotice();
  WaitNotice(const WaitNotice&) = delete;
  WaitNotice& operator=(const WaitNotice&) = delete;

  // A wait begins (+1) or has ended (-1); several may be under way. From any thread.
  void change(int by);

 private:
  using Clock = std::chrono::steady_clock;

  void run();

  Diagnostics& messages_;
  const std::string what_;
  Mutex mutex_;
  ConditionVariable changed_;
  int under_way_ GUARDED_BY(mutex_) = 0;
  Clock::time_point since_ GUARDED_BY(mutex_);  // of the first that is under way
  bool is_shown_ GUARDED_BY(mutex_) = false;
  bool is_ending_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // none where stderr is no terminal
};

}  // namespace omashu::cli
