#include "kafka/newest_records.h"

#include <algorithm>
#include <set>

namespace omashu::kafka {

namespace {

constexpr Offset kRecordsRead = 10;  // of each partition

}  // namespace

Result<std::map<TopicPartition, ListedOffset>> read_newest_records(
    Consumer& consumer, const std::map<TopicPartition, OffsetRange>& partitions, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::map<TopicPartition, Offset> starts;
  std::set<TopicPartition> open;
  for (const auto& [partition, range] : partitions) {
    if (range.begin >= range.end) continue;
    starts[partition] = std::max(range.begin, range.end - kRecordsRead);
    open.insert(partition);
  }
  std::map<TopicPartition, ListedOffset> newest;
  if (open.empty()) return newest;
  if (auto assigned = consumer.assign(starts); !assigned) return fail(std::move(assigned.error()));
  while (!open.empty()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return fail(ErrorCode::kTimeout, "the last records could not be read in time");
    const auto events = consumer.poll_batch(1'000, left);
    if (!events) return fail(events.error());
    for (const ConsumerEvent& event : *events) {
      if (const auto* end = std::get_if<PartitionEnd>(&event)) open.erase(end->partition);
      const auto* message = std::get_if<Message>(&event);
      if (message == nullptr) continue;
      const TopicPartition partition{message->topic, message->partition};
      ListedOffset& best = newest[partition];
      if (message->timestamp_ms > best.timestamp_ms) best = {message->offset, message->timestamp_ms};
      if (message->offset + 1 >= partitions.at(partition).end) open.erase(partition);
    }
  }
  return newest;
}

}  // namespace omashu::kafka
