#include "broker/group/offset_table.h"

#include <algorithm>

namespace omashu::broker {

void OffsetTable::begin_commit(AppendId id, std::vector<Commit> commits) {
  on_their_way_.emplace(id, std::move(commits));
}

void OffsetTable::end_commit(AppendId id, bool is_stored) {
  auto node = on_their_way_.extract(id);
  if (node.empty() || !is_stored) return;
  for (auto earlier = on_their_way_.begin(); earlier != on_their_way_.lower_bound(id); ++earlier) {
    std::erase_if(earlier->second, [&](const Commit& old) {
      return std::ranges::find(node.mapped(), old.where, &Commit::where) != node.mapped().end();
    });
  }
  for (Commit& commit : node.mapped()) put(std::move(commit));
}

void OffsetTable::put(Commit commit) {
  topics_[std::move(commit.where.topic)].insert_or_assign(commit.where.partition, std::move(commit.offset));
}

const CommittedOffset* OffsetTable::find(std::string_view topic, PartitionId partition) const {
  const auto partitions = topics_.find(topic);
  if (partitions == topics_.end()) return nullptr;
  const auto offset = partitions->second.find(partition);
  return offset != partitions->second.end() ? &offset->second : nullptr;
}

bool OffsetTable::is_on_its_way(std::string_view topic, PartitionId partition) const {
  return std::ranges::any_of(on_their_way_, [&](const auto& append) {
    return std::ranges::any_of(append.second, [&](const Commit& commit) {
      return commit.where.partition == partition && commit.where.topic == topic;
    });
  });
}

bool OffsetTable::remove(const Partition& where) {
  bool was_there = false;
  for (auto& [id, commits] : on_their_way_) {
    was_there |= std::erase_if(commits, [&](const Commit& commit) { return commit.where == where; }) > 0;
  }
  const auto partitions = topics_.find(where.topic);
  if (partitions == topics_.end()) return was_there;
  was_there |= partitions->second.erase(where.partition) > 0;
  if (partitions->second.empty()) topics_.erase(partitions);
  return was_there;
}

std::vector<OffsetTable::Partition> OffsetTable::partitions() const {
  std::vector<Partition> found;
  for (const auto& [topic, partitions] : topics_) {
    for (const auto& [partition, offset] : partitions) found.push_back({topic, partition});
  }
  for (const auto& [id, commits] : on_their_way_) {
    for (const Commit& commit : commits) found.push_back(commit.where);
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<OffsetTable::Partition> OffsetTable::remove_topic(std::string_view topic) {
  std::vector<Partition> removed = partitions();
  std::erase_if(removed, [&](const Partition& each) { return each.topic != topic; });
  for (const Partition& each : removed) remove(each);
  return removed;
}

std::vector<OffsetTable::Partition> OffsetTable::remove_all() {
  std::vector<Partition> removed = partitions();
  topics_.clear();
  on_their_way_.clear();
  return removed;
}

std::vector<OffsetTable::Partition> OffsetTable::remove_expired(int64_t empty_since_ms, int64_t retention_ms,
                                                                int64_t now_ms) {
  std::vector<Partition> removed;
  for (const auto& [topic, partitions] : topics_) {
    for (const auto& [partition, offset] : partitions) {
      const int64_t kept_from_ms = std::max(offset.commit_timestamp_ms, empty_since_ms);
      const bool is_expired =
          offset.expire_timestamp_ms ? now_ms >= *offset.expire_timestamp_ms : kept_from_ms <= now_ms - retention_ms;
      if (is_expired && !is_on_its_way(topic, partition)) removed.push_back({topic, partition});
    }
  }
  for (const Partition& each : removed) remove(each);
  return removed;
}

}  // namespace omashu::broker
