// Group commit: whoever waits for a log to be on the disk waits for the same sync.
//
// One thread syncs the logs that somebody waits for, round after round. The disk begins with all logs of a round
// together, and each is then waited for; who comes before its turn is served with it. On two cores this takes less
// processor time than a sync in each of several threads, and a file system's journal is written once for many logs.
// Thread-safe.

#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "omashu/result.h"

namespace omashu::broker {

class PartitionLog;

class Flusher {
 public:
  // In the flusher's thread: it must not wait for anything.
  using Done = std::move_only_function<void(const Result<void>&)>;

  Flusher();
  ~Flusher();  // after everybody who waits has been answered
  Flusher(const Flusher&) = delete;
  Flusher& operator=(const Flusher&) = delete;

  // Calls `done` once all that has been appended to the log by now is on the disk, or could not be brought there.
  void when_durable(std::shared_ptr<PartitionLog> log, Done done);

 private:
  using Logs = std::vector<std::shared_ptr<PartitionLog>>;

  void run();
  bool wait_for_calls();  // false: it is time to stop
  Logs logs_waited_for();
  void sync(const std::shared_ptr<PartitionLog>& log);

  Mutex mutex_;
  ConditionVariable changed_;
  std::unordered_map<std::shared_ptr<PartitionLog>, std::vector<Done>> waiting_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace omashu::broker
