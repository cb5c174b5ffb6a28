// Which offsets of a topic's partitions are read by a consumer that assigns them to itself.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/records/start_position.h"
#include "kafka/consumer.h"

namespace omashu::cli {

struct ReadRangeOptions {
  std::string topic;
  std::optional<int64_t> partition = {};  // absent: all
  StartPosition start = {};
  std::optional<int64_t> until_ms = {};  // ends before the first record of that time or later
  bool is_to_present_end = false;        // ends with what is there now
};

struct ReadRanges {
  std::map<kafka::TopicPartition, kafka::Offset> starts;
  std::map<kafka::TopicPartition, kafka::Offset> ends;  // one past the last; empty where reading goes on
  std::vector<std::string> notes;                       // what the user is told
  std::map<kafka::TopicPartition, kafka::Watermarks> watermarks;

  bool is_topic_empty() const;
};

Result<ReadRanges> find_read_ranges(const ReadRangeOptions& options, kafka::Consumer& consumer,
                                    std::chrono::milliseconds timeout);

}  // namespace omashu::cli
