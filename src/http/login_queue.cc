#include "http/login_queue.h"

#include <signal.h>

namespace omashu::http {

namespace {

// At some milliseconds each, the last of them waits for a few tenths of a second.
constexpr size_t kMaxWaiting = 64;

}  // namespace

LoginQueue::~LoginQueue() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool LoginQueue::submit(std::string header, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) return false;
    waiting_.push_back({std::move(header), std::move(done)});
  }
  changed_.notify_one();
  return true;
}

void LoginQueue::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the program's own threads
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    if (is_stopping_) return;
    Login login = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    login.done(authenticator_.check(login.header));
    login = {};
    lock.lock();
  }
}

}  // namespace omashu::http
