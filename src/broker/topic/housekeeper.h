// What has to be done to the logs now and then, in a thread of its own: segments closed by time, retention, recovery
// points, compaction. The files of deleted topics are removed here too.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>

#include "base/mutex.h"
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

  // Between the end of a round and the next one.
  void set_interval(std::chrono::milliseconds interval) EXCLUDES(mutex_);

  // To be called once topics were deleted: their files are removed soon, not with the next round.
  void topics_deleted() EXCLUDES(mutex_);

 private:
  void run() EXCLUDES(mutex_);
  bool is_stopping() EXCLUDES(mutex_);
  void remove_deleted_folders();
  void maintain_all();
  void note(const Topic& topic, const Partition& partition, const Result<void>& done);
  void note(const std::string& what, const Result<void>& done);

  TopicStore& topics_;
  const std::function<int64_t()> wall_ms_;
  const Report report_;
  std::map<std::string, std::string> problems_;  // by what has them; of the thread alone

  Mutex mutex_;
  std::chrono::milliseconds interval_ GUARDED_BY(mutex_);
  ConditionVariable changed_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  bool has_deleted_topics_ GUARDED_BY(mutex_) = false;  // since their files were last removed
  std::thread thread_;
};

}  // namespace omashu::broker
