#include "http/login_queue.h"

#include "base/thread_signals.h"

namespace omashu::http {

namespace {

// At some milliseconds each, the last of them waits for a few tenths of a second.
constexpr size_t kMaxWaiting = 64;

}  // namespace

LoginQueue::~LoginQueue() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool LoginQueue::submit(std::string header, Done done) {
  {
    const MutexLock lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) return false;
    waiting_.push_back({std::move(header), std::move(done)});
  }
  changed_.notify_one();
  return true;
}

void LoginQueue::run() {
  block_signals();
  MutexLock lock(mutex_);
  while (true) {
    while (!is_stopping_ && waiting_.empty()) changed_.wait(lock);
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
