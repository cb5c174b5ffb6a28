// A partition: its log, and those who wait for records in it.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/partition_id.h"
#include "broker/log/partition_log.h"

namespace omashu::broker {

class Partition;

// Is told of every append until it is destroyed, and when the topic is deleted. Called by the thread that appends or
// deletes, which it must not keep.
class PartitionListener {
 public:
  virtual ~PartitionListener() = default;
  virtual void on_append(uint64_t size_bytes) = 0;
  virtual void on_topic_deleted() = 0;
};

// Thread-safe.
class Partition {
 public:
  Partition(std::string topic, PartitionId index, std::shared_ptr<PartitionLog> log)
      : topic_(std::move(topic)), index_(index), log_(std::move(log)) {}
  Partition(const Partition&) = delete;
  Partition& operator=(const Partition&) = delete;

  const std::string& topic() const { return topic_; }
  PartitionId index() const { return index_; }
  const std::shared_ptr<PartitionLog>& log() const { return log_; }

  // Appends, and tells those who listen.
  AppendResult append(std::span<char> batch, const AppendOptions& options);

  // Whoever listens must look at the log again afterwards: an append may have come in between.
  void listen(const std::shared_ptr<PartitionListener>& listener) EXCLUDES(mutex_);

  void tell_that_topic_is_deleted() EXCLUDES(mutex_);

 private:
  std::vector<std::shared_ptr<PartitionListener>> listeners() EXCLUDES(mutex_);

  const std::string topic_;
  const PartitionId index_;
  const std::shared_ptr<PartitionLog> log_;

  Mutex mutex_;
  std::vector<std::weak_ptr<PartitionListener>> listeners_ GUARDED_BY(mutex_);
};

}  // namespace omashu::broker
