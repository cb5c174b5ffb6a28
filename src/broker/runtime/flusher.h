// Group commit: whoever waits for a log to be on the disk waits for the same sync.
//
// Each log is synced by one thread at a time. Whoever comes while it is being synced waits for the next sync, together
// with all who come until then. A few threads serve all logs, since file systems put syncs that come together into one
// write of their journal. Thread-safe.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "omashu/result.h"

namespace omashu::broker {

class PartitionLog;

class Flusher {
 public:
  // In one of the flusher's threads: it must not wait for anything.
  using Done = std::move_only_function<void(const Result<void>&)>;

  explicit Flusher(size_t threads);
  ~Flusher();  // after everybody who waits has been answered
  Flusher(const Flusher&) = delete;
  Flusher& operator=(const Flusher&) = delete;

  // Calls `done` once all that has been appended to the log by now is on the disk, or could not be brought there.
  void when_durable(std::shared_ptr<PartitionLog> log, Done done);

 private:
  struct Waiting {
    std::vector<Done> calls;
    bool is_being_synced = false;
  };

  void run();

  std::mutex mutex_;  // guards all below but the threads
  std::condition_variable changed_;
  std::unordered_map<std::shared_ptr<PartitionLog>, Waiting> logs_;  // those that somebody waits for
  std::deque<std::shared_ptr<PartitionLog>> due_;                    // and of them, those that no thread has taken
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace omashu::broker
