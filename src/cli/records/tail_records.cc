#include "cli/records/tail_records.h"

#include <algorithm>

namespace omashu::cli {

void TailRecords::add(const kafka::Message& message, std::string_view text) {
  auto& records = by_partition_[{.topic = message.topic, .partition = message.partition}];
  records[message.offset] = {message.timestamp_ms, std::string(text)};
  if (records.size() > count_) records.erase(records.begin());
}

size_t TailRecords::count_of(const kafka::TopicPartition& partition) const {
  const auto records = by_partition_.find(partition);
  return records == by_partition_.end() ? 0 : records->second.size();
}

std::map<TailRecords::Place, std::string> TailRecords::last() const {
  std::map<Place, std::string> all;
  for (const auto& [partition, records] : by_partition_) {
    for (const auto& [offset, record] : records) {
      all[{record.first, partition.partition, offset}] = record.second;
      if (all.size() > count_) all.erase(all.begin());
    }
  }
  return all;
}

TailRanges::TailRanges(const std::map<kafka::TopicPartition, kafka::Watermarks>& watermarks, size_t count)
    : count_(count), step_(static_cast<int64_t>(count)), left_(watermarks) {}

TailRanges::Round TailRanges::next(const TailRecords& gathered) {
  Round round;
  for (auto& [partition, marks] : left_) {
    if (marks.high <= marks.low || gathered.count_of(partition) >= count_) continue;
    const kafka::Offset start = std::max(marks.low, marks.high - step_);
    round.starts[partition] = start;
    round.ends[partition] = marks.high;
    marks.high = start;
  }
  // To turn back costs as much as to read some thousand records.
  constexpr int64_t kSecondStep = 10'000;
  step_ = std::max(kSecondStep, std::min(step_, INT64_MAX / 16) * 16);
  return round;
}

}  // namespace omashu::cli
