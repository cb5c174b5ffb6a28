// SIGINT and SIGTERM as one thing that commands look at: the first asks them to finish what they hold (drain, commit,
// leave the group), the second of the same kind ends the program at once.

#pragma once

#include <chrono>

namespace omashu::cli {

class StopSignal {
 public:
  // Takes the two signals over for the life of the object, and ignores SIGPIPE (Output reports EPIPE). One at a time.
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  bool is_requested() const;

  // Readable once a stop is requested, for poll().
  int file_descriptor() const;

  // Waits for a stop, at most for `timeout`; whether it came.
  bool wait_for(std::chrono::milliseconds timeout) const;
};

}  // namespace omashu::cli
