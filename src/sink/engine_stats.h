// What an engine tells of itself while it runs.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kafka/types.h"
#include "sink/sink.h"

namespace omashu::sink {

struct PartitionStats {
  kafka::Offset position{};    // all before it are durable or set aside
  std::optional<int64_t> lag;  // records from there to the end, where that is known
};

struct EngineStats {
  enum class State : uint8_t {
    kStarting,  // has no partitions yet, or waits for its sink to begin
    kRunning,
    kTryingAgain,  // the sink, the registry or Kafka is away: see last_failure
    kStopping,
    kStopped,
    kFailed,
  };
  State state = State::kStarting;

  uint64_t records = 0;  // durable or set aside since the start
  uint64_t batches = 0;
  uint64_t dead_letters = 0;
  uint64_t retries = 0;   // sent to retry topics
  uint64_t failures = 0;  // batches that have to be written again
  double write_seconds = 0;
  size_t held_bytes = 0;
  std::map<kafka::TopicPartition, PartitionStats> partitions;
  std::string last_failure;  // why it does not get on now; "" where it does
  std::vector<SinkMetric> sink;

  // Of all partitions; nothing while there is none, or one of them is not known.
  std::optional<int64_t> lag() const {
    if (partitions.empty()) return std::nullopt;
    int64_t sum = 0;
    for (const auto& [place, partition] : partitions) {
      if (!partition.lag) return std::nullopt;
      sum += *partition.lag;
    }
    return sum;
  }
};

std::string_view state_name(EngineStats::State state);

}  // namespace omashu::sink
