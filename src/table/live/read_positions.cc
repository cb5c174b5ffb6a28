#include "table/live/read_positions.h"

#include <vector>

namespace omashu::table {

PositionSet ReadPositions::seen() const {
  PositionSet seen{.topic = topic_, .offsets = {}};
  const MutexLock lock(mutex_);
  for (const auto& [partition, next] : next_) {
    if (next > 0) seen.offsets.emplace_hint(seen.offsets.end(), partition, next - 1);
  }
  return seen;
}

NextOffsets ReadPositions::next() const {
  const MutexLock lock(mutex_);
  return next_;
}

std::optional<kafka::Offset> ReadPositions::next_of(kafka::PartitionId partition) const {
  const MutexLock lock(mutex_);
  const auto found = next_.find(partition);
  return found == next_.end() ? std::nullopt : std::optional(found->second);
}

bool ReadPositions::is_read(kafka::PartitionId partition, kafka::Offset offset) const {
  const auto next = next_.find(partition);
  return next != next_.end() && next->second > offset;
}

void ReadPositions::when_read(const PositionSet& positions, std::chrono::steady_clock::time_point deadline, Done done) {
  MutexLock lock(mutex_);
  Waiter waiter{.missing = {}, .done = std::move(done), .timer = {}};
  for (const auto& [partition, offset] : positions.offsets) {
    if (is_partial_ && !next_.contains(partition)) continue;
    if (!is_read(partition, offset)) waiter.missing.emplace(partition, offset);
  }
  const bool is_possible = !is_stopped_ && positions.topic == topic_;
  if (!is_possible || waiter.missing.empty()) {
    lock.unlock();
    return waiter.done(is_possible);
  }
  const WaiterId id = ++last_waiter_;
  const auto& [partition, offset] = *waiter.missing.begin();
  by_position_[partition].emplace(offset, id);
  waiter.timer = timer_.set(deadline, [weak = weak_from_this(), id] {
    if (const auto self = weak.lock()) self->expire(id);
  });
  waiters_.emplace(id, std::move(waiter));
}

void ReadPositions::expire(WaiterId id) {
  Done done;
  {
    const MutexLock lock(mutex_);
    const auto found = waiters_.find(id);
    if (found == waiters_.end()) return;
    const auto& [partition, offset] = *found->second.missing.begin();
    auto& standing = by_position_[partition];
    for (auto [place, end] = standing.equal_range(offset); place != end; ++place) {
      if (place->second != id) continue;
      standing.erase(place);
      break;
    }
    done = std::move(found->second.done);
    waiters_.erase(found);
  }
  done(false);
}

void ReadPositions::advance(const NextOffsets& next) {
  std::vector<Done> done;
  {
    const MutexLock lock(mutex_);
    for (const auto& [partition, offset] : next) next_[partition] = offset;
    if (waiters_.empty()) return;
    for (const auto& [partition, offset] : next) {
      const auto standing = by_position_.find(partition);
      if (standing == by_position_.end()) continue;
      while (!standing->second.empty() && standing->second.begin()->first < offset) {
        const WaiterId id = standing->second.begin()->second;
        standing->second.erase(standing->second.begin());
        Waiter& waiter = waiters_.at(id);
        auto& missing = waiter.missing;
        while (!missing.empty() && is_read(missing.begin()->first, missing.begin()->second)) {
          missing.erase(missing.begin());
        }
        if (!missing.empty()) {
          by_position_[missing.begin()->first].emplace(missing.begin()->second, id);
          continue;
        }
        timer_.cancel(waiter.timer);
        done.push_back(std::move(waiter.done));
        waiters_.erase(id);
      }
    }
  }
  for (const Done& call : done) call(true);
}

void ReadPositions::drop(const std::set<kafka::PartitionId>& partitions) {
  const MutexLock lock(mutex_);
  for (const kafka::PartitionId partition : partitions) next_.erase(partition);
}

void ReadPositions::restart(NextOffsets next) {
  const MutexLock lock(mutex_);
  next_ = std::move(next);
}

void ReadPositions::stop() {
  std::map<WaiterId, Waiter> waiters;
  {
    const MutexLock lock(mutex_);
    is_stopped_ = true;
    waiters.swap(waiters_);
    by_position_.clear();
  }
  for (const auto& [id, waiter] : waiters) {
    timer_.cancel(waiter.timer);
    waiter.done(false);
  }
}

}  // namespace omashu::table
