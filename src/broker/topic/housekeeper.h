// What has to be done to the logs now and then, in a thread of its own: segments closed by time, retention, recovery
// points, compaction.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "broker/topic/topic_store.h"

namespace omashu::broker {

class Housekeeper {
 public:
  // Says in one line what went wrong with a partition: once, until something else does.
  using Report = std::function<void(const std::string& problem)>;

  // All must outlive it. `wall_ms` is what the timestamps of records are compared with.
  Housekeeper(TopicStore& topics, std::function<int64_t()> wall_ms, std::chrono::milliseconds interval, Report report);
  ~Housekeeper();  // waits until the log that is being worked on is left in order
  Housekeeper(const Housekeeper&) = delete;
  Housekeeper& operator=(const Housekeeper&) = delete;

 private:
  void run();
  bool is_stopping();
  void look_after_all();
  void note(const Partition& partition, const Result<void>& done);

  TopicStore& topics_;
  const std::function<int64_t()> wall_ms_;
  const std::chrono::milliseconds interval_;
  const Report report_;
  std::map<std::string, std::string> problems_;  // by partition; of the thread alone

  std::mutex mutex_;  // guards is_stopping_
  std::condition_variable stopping_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace omashu::broker
