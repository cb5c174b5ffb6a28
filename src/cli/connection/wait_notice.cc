#include "cli/connection/wait_notice.h"

namespace omashu::cli {

namespace {
constexpr std::chrono::seconds kPatience{1};
}

WaitNotice::WaitNotice(Diagnostics& messages, std::string what) : messages_(messages), what_(std::move(what)) {
  if (messages_.is_terminal()) thread_ = std::thread([this] { run(); });
}

WaitNotice::~WaitNotice() {
  if (!thread_.joinable()) return;
  {
    const MutexLock lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void WaitNotice::change(int by) {
  const MutexLock lock(mutex_);
  if (under_way_ == 0) since_ = Clock::now();
  under_way_ += by;
  if (under_way_ == 0 && is_shown_) {
    messages_.clear_progress();
    is_shown_ = false;
  }
  changed_.notify_all();
}

void WaitNotice::run() {
  MutexLock lock(mutex_);
  while (!is_ending_) {
    if (under_way_ == 0 || is_shown_) {
      changed_.wait(lock);
    } else if (Clock::now() >= since_ + kPatience) {
      messages_.progress("waiting for " + what_);
      is_shown_ = true;
    } else {
      changed_.wait_until(lock, since_ + kPatience);
    }
  }
  if (is_shown_) messages_.clear_progress();
}

}  // namespace omashu::cli
