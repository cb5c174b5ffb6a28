// Signals are for a program's main thread, but for those of a thread's own faults: were they blocked too, a crash would
// end the process without a word.

#pragma once

#include <signal.h>

namespace omashu {

// In the thread that calls it.
void block_signals();

// The same until the end of a scope: threads that a library starts in it have signals blocked for good.
class BlockedSignals {
 public:
  BlockedSignals();
  ~BlockedSignals();
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace omashu
