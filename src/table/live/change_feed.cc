#include "table/live/change_feed.h"

#include <algorithm>
#include <utility>

namespace omashu::table {

namespace {

size_t bytes_of(const std::shared_ptr<const LiveRow>& row) {
  return row == nullptr ? 0 : sizeof(LiveRow) + row->key.size() + row->value.value_or("").size();
}

}  // namespace

void ChangeFeed::restart(const PositionSet& read_up_to, bool may_have_expired) {
  const MutexLock lock(mutex_);
  first_ += entries_.size() + 1;  // so that the place that a follower waits at is gone too
  entries_.clear();
  bytes_ = 0;
  read_up_to_ = forgotten_ = read_up_to;
  has_forgotten_expiries_ = may_have_expired;
}

void ChangeFeed::append(std::vector<Change> changes, const PositionSet& read_up_to) {
  const MutexLock lock(mutex_);
  for (Change& change : changes) {
    const size_t bytes = sizeof(Entry) + bytes_of(change.before) + bytes_of(change.after);
    entries_.push_back({.change = std::move(change), .bytes = bytes});
    bytes_ += bytes;
  }
  read_up_to_ = read_up_to;
  while (bytes_ > max_bytes_) forget_oldest();
}

void ChangeFeed::forget_oldest() {
  const Entry& oldest = entries_.front();
  if (oldest.change.is_expiry) {
    has_forgotten_expiries_ = true;
  } else {
    const Position& cause = oldest.change.cause;
    kafka::Offset& offset = forgotten_.offsets.emplace(cause.partition, cause.offset).first->second;
    offset = std::max(offset, cause.offset);
  }
  bytes_ -= oldest.bytes;
  entries_.pop_front();
  ++first_;
}

void ChangeFeed::notify() {
  MutexLock lock(mutex_);
  ListenerId last = 0;
  for (;;) {
    const auto next = listeners_.upper_bound(last);
    if (next == listeners_.end()) return;
    last = called_ = next->first;
    calling_ = std::this_thread::get_id();
    const std::shared_ptr<const std::function<void()>> listener = next->second;
    lock.unlock();
    (*listener)();
    lock.lock();
    called_ = 0;
    has_called_.notify_all();
  }
}

ChangeFeed::Sequence ChangeFeed::end() const {
  const MutexLock lock(mutex_);
  return first_ + entries_.size();
}

PositionSet ChangeFeed::read_up_to() const {
  const MutexLock lock(mutex_);
  return read_up_to_;
}

std::optional<std::vector<Change>> ChangeFeed::read(Sequence from, size_t max) const {
  const MutexLock lock(mutex_);
  if (from < first_) return std::nullopt;
  std::vector<Change> changes;
  const size_t start = from - first_;
  if (start >= entries_.size()) return changes;
  const size_t count = std::min(max, entries_.size() - start);
  changes.reserve(count);
  for (size_t i = start; i < start + count; ++i) changes.push_back(entries_[i].change);
  return changes;
}

std::optional<ChangeFeed::Sequence> ChangeFeed::after(const PositionSet& seen) const {
  const MutexLock lock(mutex_);
  if (!seen.contains(forgotten_)) return std::nullopt;
  size_t first_unseen = entries_.size();
  size_t behind_seen = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Change& change = entries_[i].change;
    if (change.is_expiry) continue;
    if (seen.contains(change.cause)) {
      behind_seen = i + 1;
    } else {
      first_unseen = std::min(first_unseen, i);
    }
  }
  if (has_forgotten_expiries_ && behind_seen == 0) return std::nullopt;
  return first_ + std::min(first_unseen, behind_seen);
}

ChangeFeed::ListenerId ChangeFeed::add_listener(std::function<void()> on_change) {
  const MutexLock lock(mutex_);
  listeners_[++last_listener_] = std::make_shared<const std::function<void()>>(std::move(on_change));
  return last_listener_;
}

void ChangeFeed::remove_listener(ListenerId id) {
  MutexLock lock(mutex_);
  listeners_.erase(id);
  while (called_ == id && calling_ != std::this_thread::get_id()) has_called_.wait(lock);
}

}  // namespace omashu::table
