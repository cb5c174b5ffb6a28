#include "cli/start_offsets.h"

#include <fmt/core.h>

#include <vector>

namespace omashu::cli {

using kafka::TopicPartition;

Result<std::map<TopicPartition, kafka::Offset>> start_offsets(const ConsumeOptions& options, kafka::Consumer& consumer,
                                                              std::chrono::milliseconds timeout) {
  const auto partitions = consumer.partitions_of(*options.topic, timeout);
  if (!partitions) return fail(partitions.error());
  std::vector<TopicPartition> places;
  for (const kafka::PartitionId partition : *partitions) {
    if (options.partition && partition != *options.partition) continue;
    places.push_back({.topic = *options.topic, .partition = partition});
  }
  if (places.empty()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} has no partition {}: it has {}", *options.topic,
                                                         *options.partition, partitions->size()));
  }
  const auto watermarks = consumer.all_watermarks(places, timeout);
  if (!watermarks) return fail(watermarks.error());
  const bool is_earliest = options.is_from_beginning || options.offset == "earliest";
  std::map<TopicPartition, kafka::Offset> starts;
  for (const auto& [place, marks] : *watermarks) {
    starts[place] = options.start.value_or(is_earliest ? marks.low : marks.high);
  }
  return starts;
}

}  // namespace omashu::cli
