// Which partitions a reader of partial tables reads, and from where.

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "table/live/kafka_table_reader.h"
#include "table/live/resume_check.h"

namespace omashu::table {

void KafkaTableReader::hold(const std::set<kafka::TopicPartition>& partitions) {
  const MutexLock lock(mutex_);
  if (is_stopping_) return;
  wanted_ = partitions;
  has_wanted_ = true;
  consumer_->wake();
}

Result<void> KafkaTableReader::settle_held() {
  std::optional<std::set<kafka::TopicPartition>> wanted;
  {
    const MutexLock lock(mutex_);
    has_wanted_ = false;
    wanted = std::exchange(wanted_, std::nullopt);
  }
  if (!wanted) return {};
  std::vector<size_t> numbers;
  for (size_t i = 0; i < tables_.size(); ++i) {
    if (!tables_[i].is_gone) numbers.push_back(i);
  }
  const auto settle_all = [&]() -> Result<void> {
    const auto marks = ask_watermarks(numbers, kWatermarksTimeout);
    if (!marks) return fail(marks.error());
    for (const size_t number : numbers) {
      std::set<kafka::PartitionId> of_table;
      for (const auto& [topic, partition] : *wanted) {
        if (topic == tables_[number].topic) of_table.insert(partition);
      }
      if (auto settled = settle_held_of(number, of_table, marks->at(tables_[number].topic)); !settled) return settled;
    }
    return {};
  };
  auto settled = settle_all();
  if (settled) return settled;
  const MutexLock lock(mutex_);  // it is tried again
  if (!wanted_) wanted_ = std::move(wanted);
  has_wanted_ = true;
  return settled;
}

std::map<kafka::PartitionId, std::string> KafkaTableReader::stale_partitions(const Table& table,
                                                                             const Watermarks& marks) const {
  std::map<kafka::PartitionId, std::string> stale;
  const int64_t now_ms = std::chrono::floor<std::chrono::milliseconds>(options_.now().time_since_epoch()).count();
  const auto store = table.live->store();
  const auto current_at = StoredTable::current_at_ms(*store);
  for (const auto& [partition, next] : store->snapshot()->next_offsets()) {
    const auto known = marks.find(partition);
    if (known == marks.end()) continue;
    const auto left = table.live->left_at_ms(partition);
    auto why = why_rebuild({.next_offsets = {{partition, next}}, .current_at_ms = left ? left : current_at},
                           {{partition, known->second}}, table.facts.delete_retention_ms, now_ms);
    if (why) stale.emplace(partition, *std::move(why));
  }
  return stale;
}

Result<void> KafkaTableReader::settle_held_of(size_t number, const std::set<kafka::PartitionId>& wanted,
                                              const Watermarks& marks) {
  Table& table = tables_[number];
  std::set<kafka::PartitionId> left, added;
  std::ranges::set_difference(table.held, wanted, std::inserter(left, left.end()));
  for (const kafka::PartitionId partition : wanted) {
    if (!table.held.contains(partition) && marks.contains(partition)) added.insert(partition);
  }
  if (!left.empty()) {
    if (auto done = table.live->leave_partitions(left); !done) return done;
    for (const kafka::PartitionId partition : left) table.held.erase(partition);
  }
  if (added.empty()) return {};
  std::map<kafka::PartitionId, std::string> stale = stale_partitions(table, marks);
  std::erase_if(stale, [&](const auto& one) { return !added.contains(one.first); });
  if (!stale.empty()) {
    std::set<kafka::PartitionId> numbers;
    for (const auto& [partition, why] : stale) numbers.insert(partition);
    options_.report(fmt::format("{}: partitions {} are read from their beginning, since {}", table.topic,
                                fmt::join(numbers, ", "), stale.begin()->second));
    if (auto forgot = table.live->forget_partitions(numbers); !forgot) return forgot;
  }
  const bool is_first = table.held.empty();
  table.held.insert(added.begin(), added.end());
  if (is_first) {
    begin(table, marks);
    return {};
  }
  const NextOffsets stored = table.live->store()->snapshot()->next_offsets();
  NextOffsets starts, ends;
  for (const kafka::PartitionId partition : added) {
    const kafka::Watermarks& of_partition = marks.at(partition);
    const auto next = stored.find(partition);
    starts[partition] = std::max(of_partition.low, next == stored.end() ? 0 : next->second);
    ends[partition] = of_partition.high;
  }
  table.live->begin_partitions(starts, ends);
  return {};
}

}  // namespace omashu::table
