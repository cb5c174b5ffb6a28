#include "table/read_progress.h"

#include <algorithm>

namespace omashu::table {

void ReadProgress::add(kafka::PartitionId partition, kafka::Offset start, kafka::Offset end) {
  remove(partition);
  partitions_[partition] = {.next = start, .end = std::max(start, end)};
  total_ += std::max<int64_t>(0, end - start);
  if (start < end) ++incomplete_;
}

void ReadProgress::remove(kafka::PartitionId partition) {
  const auto found = partitions_.find(partition);
  if (found == partitions_.end()) return;
  if (found->second.next < found->second.end) --incomplete_;
  partitions_.erase(found);
}

bool ReadProgress::is_complete(kafka::PartitionId partition) const {
  const auto found = partitions_.find(partition);
  return found != partitions_.end() && found->second.next >= found->second.end;
}

void ReadProgress::advance(Partition& partition, kafka::Offset next) {
  const kafka::Offset reached = std::min(next, partition.end);
  if (reached <= partition.next) return;
  done_ += reached - partition.next;
  partition.next = reached;
  if (reached == partition.end) --incomplete_;
}

void ReadProgress::on_record(kafka::PartitionId partition, kafka::Offset offset) {
  const auto found = partitions_.find(partition);
  if (found != partitions_.end()) advance(found->second, offset + 1);
}

void ReadProgress::on_partition_end(kafka::PartitionId partition) {
  const auto found = partitions_.find(partition);
  if (found != partitions_.end()) advance(found->second, found->second.end);
}

}  // namespace omashu::table
