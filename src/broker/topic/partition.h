// A partition: its log, and those who wait for records in it.

#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "broker/log/partition_log.h"

namespace omashu::broker {

class Partition;

// Is told once, after the next append, or when the topic is gone; to be told of more, it must listen again. Called by
// the thread that appends.
class AppendListener {
 public:
  virtual ~AppendListener() = default;
  virtual void appended(Partition& partition) = 0;
};

// Thread-safe.
class Partition {
 public:
  Partition(std::string topic, int32_t index, std::shared_ptr<PartitionLog> log)
      : topic_(std::move(topic)), index_(index), log_(std::move(log)) {}
  Partition(const Partition&) = delete;
  Partition& operator=(const Partition&) = delete;

  const std::string& topic() const { return topic_; }
  int32_t index() const { return index_; }
  const std::shared_ptr<PartitionLog>& log() const { return log_; }

  // Appends, and tells those who listen.
  AppendResult append(std::span<char> batch, const AppendOptions& options);

  // One that is gone by the time of the append is not told. Whoever listens must look at the log again afterwards: an
  // append may have come in between.
  void listen(const std::shared_ptr<AppendListener>& listener);

  void tell_listeners();

 private:
  const std::string topic_;
  const int32_t index_;
  const std::shared_ptr<PartitionLog> log_;

  std::mutex mutex_;  // guards the listeners
  std::vector<std::weak_ptr<AppendListener>> listeners_;
};

}  // namespace omashu::broker
