#include "cli/stop_signal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace omashu::cli {

namespace {

// A signal handler reaches nothing but globals. The pipe is never drained: once readable it stays so.
std::atomic<bool> requested{false};
int pipe_ends[2] = {-1, -1};

void on_signal(int) {
  const int saved_errno = errno;
  requested.store(true, std::memory_order_relaxed);
  const char byte = 0;
  (void)!::write(pipe_ends[1], &byte, 1);
  errno = saved_errno;
}

}  // namespace

StopSignal::StopSignal() {
  requested = false;
  if (::pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) pipe_ends[0] = pipe_ends[1] = -1;
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;  // the second one has its default effect
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is an error of the write
}

StopSignal::~StopSignal() {
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  for (int& end : pipe_ends) {
    if (end >= 0) ::close(end);
    end = -1;
  }
}

bool StopSignal::is_requested() const { return requested.load(std::memory_order_relaxed); }

int StopSignal::file_descriptor() const { return pipe_ends[0]; }

bool StopSignal::wait_for(std::chrono::milliseconds timeout) const {
  pollfd entry = {.fd = pipe_ends[0], .events = POLLIN, .revents = 0};
  if (!is_requested()) (void)::poll(&entry, 1, static_cast<int>(timeout.count()));
  return is_requested();
}

}  // namespace omashu::cli
