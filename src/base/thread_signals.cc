#include "base/thread_signals.h"

#include <signal.h>

#include <initializer_list>

namespace omashu {

void block_signals() {
  sigset_t all;
  sigfillset(&all);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigdelset(&all, fault);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

BlockedSignals::BlockedSignals() {
  pthread_sigmask(SIG_SETMASK, nullptr, &before_);
  block_signals();
}

BlockedSignals::~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace omashu
