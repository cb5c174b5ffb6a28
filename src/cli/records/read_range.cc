#include "cli/records/read_range.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace omashu::cli {

using kafka::Offset;
using kafka::TopicPartition;

bool ReadRanges::is_topic_empty() const {
  return std::ranges::all_of(watermarks, [](const auto& entry) { return entry.second.low == entry.second.high; });
}

Result<ReadRanges> find_read_ranges(const ReadRangeOptions& options, kafka::Consumer& consumer,
                                    std::chrono::milliseconds timeout) {
  const auto partitions = consumer.partitions_of(options.topic, timeout);
  if (!partitions) return fail(partitions.error());
  std::vector<TopicPartition> places;
  for (const kafka::PartitionId partition : *partitions) {
    if (options.partition && partition != *options.partition) continue;
    places.push_back({.topic = options.topic, .partition = partition});
  }
  if (places.empty()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} has no partition {}: it has {}", options.topic,
                                                         options.partition.value_or(0), partitions->size()));
  }
  auto watermarks = consumer.all_watermarks(places, timeout);
  if (!watermarks) return fail(std::move(watermarks.error()));

  const auto offsets_at = [&](std::optional<int64_t> time_ms) -> Result<std::map<TopicPartition, Offset>> {
    if (!time_ms) return std::map<TopicPartition, Offset>{};
    return consumer.offsets_for_time(places, *time_ms, timeout);
  };
  const bool is_from_time = options.start.kind == StartPosition::Kind::kTime;
  const auto from = offsets_at(is_from_time ? std::optional(options.start.value) : std::nullopt);
  if (!from) return fail(from.error());
  const auto until = offsets_at(options.until_ms);
  if (!until) return fail(until.error());

  ReadRanges ranges;
  for (const auto& [place, marks] : *watermarks) {
    const auto at_time = from->find(place);
    Start start = start_within(options.start, place, marks,
                               at_time == from->end() ? std::nullopt : std::optional(at_time->second));
    if (!start.note.empty()) ranges.notes.push_back(std::move(start.note));
    ranges.starts[place] = start.offset;
    if (!options.until_ms && !options.is_to_present_end) continue;
    const auto end = until->find(place);
    ranges.ends[place] = end == until->end() || end->second < 0 ? marks.high : std::min(end->second, marks.high);
  }
  ranges.watermarks = *std::move(watermarks);
  return ranges;
}

}  // namespace omashu::cli
