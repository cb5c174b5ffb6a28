// A consumer of assigned partitions, or a member of a group. One thread at a time, wake() excepted.

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "kafka/types.h"

namespace omashu::kafka {

struct Watermarks {
  Offset low = 0;   // the first offset that is there
  Offset high = 0;  // one past the last
};

struct PartitionEnd {  // the consumer has read all there is, for now
  TopicPartition partition;
  Offset offset = 0;  // the next one
};

// Nothing (monostate) when the time was up.
using ConsumerEvent = std::variant<std::monostate, Message, PartitionEnd>;

class Consumer {
 public:
  // Auto-commit is off: commit() says what is done. Properties such as group.id and isolation.level pass through.
  static Result<std::unique_ptr<Consumer>> open(const ClientConfig& config);
  virtual ~Consumer() = default;  // leaves the group

  virtual Result<std::vector<PartitionId>> partitions_of(const std::string& topic,
                                                         std::chrono::milliseconds timeout) = 0;
  virtual Result<Watermarks> watermarks(const TopicPartition& partition, std::chrono::milliseconds timeout) = 0;

  // Reads from these offsets on, without a group's help.
  virtual Result<void> assign(const std::map<TopicPartition, Offset>& offsets) = 0;
  // Joins the group of `group.id`.
  virtual Result<void> subscribe(std::span<const std::string> topics) = 0;

  virtual Result<ConsumerEvent> poll(std::chrono::milliseconds timeout) = 0;

  // Commits the next offset to read of each partition.
  virtual Result<void> commit(const std::map<TopicPartition, Offset>& next_offsets) = 0;
  // Leaves the group and closes; safe to call twice.
  virtual Result<void> close() = 0;
};

}  // namespace omashu::kafka
