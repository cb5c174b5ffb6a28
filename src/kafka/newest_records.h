// The newest records of partitions, read: for brokers that do not tell the greatest timestamp (before Kafka 3.0).

#pragma once

#include <chrono>
#include <map>

#include "kafka/consumer.h"

namespace omashu::kafka {

struct OffsetRange {
  Offset begin = 0;
  Offset end = 0;  // one past the last
};

// Of the last few records of each partition the one with the greatest timestamp. Partitions in whose last offsets there
// is no record (they are compacted away, or transaction markers) are left out. The consumer is assigned to them.
Result<std::map<TopicPartition, ListedOffset>> read_newest_records(
    Consumer& consumer, const std::map<TopicPartition, OffsetRange>& partitions, std::chrono::milliseconds timeout);

}  // namespace omashu::kafka
