// The thread of one sink: it runs one job at a time, and holds its result until the engine takes it.

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>
#include <variant>

#include "base/mutex.h"
#include "sink/sink.h"

namespace omashu::sink {

// What came of a job.
struct Begun {
  std::expected<Positions, WriteFailure> positions;
};
struct Ended {};
struct Written {
  WriteResult result;
};
using Outcome = std::variant<Begun, Ended, Written>;

class SinkWorker {
 public:
  using Job = std::move_only_function<Outcome(const std::stop_token&)>;

  // `on_done` is called on the worker's thread once there is an outcome.
  explicit SinkWorker(std::function<void()> on_done);
  ~SinkWorker();  // requests the running job to stop and waits for it
  SinkWorker(const SinkWorker&) = delete;
  SinkWorker& operator=(const SinkWorker&) = delete;

  // No job may be running, and no outcome be left.
  void start(Job job) EXCLUDES(mutex_);

  // The outcome once it is there; waits for it, at most until the deadline.
  std::optional<Outcome> take() EXCLUDES(mutex_);
  std::optional<Outcome> wait(std::chrono::steady_clock::time_point deadline) EXCLUDES(mutex_);

  // Asks the running job, and those that follow, to return soon.
  void interrupt() { interruption_.request_stop(); }

 private:
  void run() EXCLUDES(mutex_);

  const std::function<void()> on_done_;
  std::stop_source interruption_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::optional<Job> job_ GUARDED_BY(mutex_);
  std::optional<Outcome> outcome_ GUARDED_BY(mutex_);
  bool is_ending_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace omashu::sink
