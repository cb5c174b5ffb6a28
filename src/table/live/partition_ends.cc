#include "table/live/partition_ends.h"

#include <algorithm>

namespace omashu::table {

void PartitionEnds::on_end(kafka::PartitionId partition, kafka::Offset end, Time now) {
  Partition& known = partitions_[partition];
  known.end = std::max(end, known.next);
  if (end <= known.next || (!known.seen.empty() && end <= known.seen.back().end)) return;
  if (known.seen.size() == kMaxSeen) {
    known.seen.back().end = end;
  } else {
    known.seen.push_back({.end = end, .at = now});
  }
}

void PartitionEnds::on_read(kafka::PartitionId partition, kafka::Offset next) {
  Partition& known = partitions_[partition];
  known.next = next;
  known.end = std::max(known.end, next);
  while (!known.seen.empty() && known.seen.front().end <= next) known.seen.pop_front();
}

void PartitionEnds::on_caught_up(kafka::PartitionId partition, kafka::Offset next) {
  on_read(partition, next);
  Partition& known = partitions_[partition];
  known.end = next;
  known.seen.clear();
}

kafka::Offset PartitionEnds::end_of(kafka::PartitionId partition) const {
  const auto found = partitions_.find(partition);
  return found == partitions_.end() ? 0 : found->second.end;
}

std::chrono::milliseconds PartitionEnds::lag(Time now) const {
  Time oldest = now;
  for (const auto& [id, partition] : partitions_) {
    if (!partition.seen.empty()) oldest = std::min(oldest, partition.seen.front().at);
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - oldest);
}

}  // namespace omashu::table
