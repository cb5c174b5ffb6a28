#include "client/records_at_work.h"

namespace omashu::client {

void RecordsAtWork::skip(const kafka::TopicPartition& partition, kafka::Offset offset) {
  const auto [entry, is_new] = partitions_.try_emplace(partition);
  if (is_new) entry->second.committed = offset;
  entry->second.next = offset + 1;
}

void RecordsAtWork::begin(const kafka::TopicPartition& partition, kafka::Offset offset) {
  skip(partition, offset);
  partitions_[partition].at_work.insert(offset);
}

void RecordsAtWork::finish(const kafka::TopicPartition& partition, kafka::Offset offset) {
  if (const auto entry = partitions_.find(partition); entry != partitions_.end()) entry->second.at_work.erase(offset);
}

RecordsAtWork::Positions RecordsAtWork::read() const {
  Positions positions;
  for (const auto& [partition, state] : partitions_) {
    if (state.next > state.committed) positions[partition] = state.next;
  }
  return positions;
}

RecordsAtWork::Positions RecordsAtWork::finished() const {
  Positions positions;
  for (const auto& [partition, state] : partitions_) {
    const kafka::Offset next = state.at_work.empty() ? state.next : *state.at_work.begin();
    if (next > state.committed) positions[partition] = next;
  }
  return positions;
}

void RecordsAtWork::committed(const Positions& positions) {
  for (const auto& [partition, next] : positions) {
    if (const auto entry = partitions_.find(partition); entry != partitions_.end()) entry->second.committed = next;
  }
}

}  // namespace omashu::client
