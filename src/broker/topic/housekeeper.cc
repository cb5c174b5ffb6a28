#include "broker/topic/housekeeper.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>
#include <vector>

namespace omashu::broker {

Housekeeper::Housekeeper(TopicStore& topics, std::function<int64_t()> wall_ms, std::chrono::milliseconds interval,
                         Report report)
    : topics_(topics), wall_ms_(std::move(wall_ms)), interval_(interval), report_(std::move(report)), thread_([this] {
        run();
      }) {}

Housekeeper::~Housekeeper() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_one();
  thread_.join();
}

bool Housekeeper::is_stopping() {
  const std::lock_guard lock(mutex_);
  return is_stopping_;
}

void Housekeeper::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, interval_, [this] { return is_stopping_; })) {
    lock.unlock();
    look_after_all();
    lock.lock();
  }
}

// The dirtiest log is compacted first. What a full map leaves over is done the next time.
void Housekeeper::look_after_all() {
  struct Dirty {
    std::shared_ptr<Partition> partition;
    double ratio = 0;
  };
  std::vector<Dirty> dirty;
  for (const TopicPtr& topic : topics_.all()) {
    for (const auto& partition : topic->partitions) {
      if (is_stopping()) return;
      auto done = partition->log()->maintain(wall_ms_());
      const auto need = partition->log()->compaction_need(wall_ms_());
      if (done && !need) done = fail(need.error());
      if (done) done = partition->log()->last_append();
      note(*partition, done);
      if (need && need->is_due) dirty.push_back({partition, need->dirty_ratio});
    }
  }
  std::ranges::sort(dirty, std::greater(), &Dirty::ratio);
  for (const Dirty& next : dirty) {
    if (is_stopping()) return;
    const auto compacted = next.partition->log()->compact({.now_ms = wall_ms_()});
    const bool is_gone = !compacted && (compacted.error().code == ErrorCode::kCancelled ||
                                        compacted.error().code == ErrorCode::kNotFound);
    note(*next.partition, compacted || is_gone ? Result<void>() : fail(compacted.error()));
  }
}

void Housekeeper::note(const Partition& partition, const Result<void>& done) {
  const std::string name = fmt::format("{}-{}", partition.topic(), partition.index());
  if (done) {
    problems_.erase(name);
  } else if (auto& problem = problems_[name]; problem != done.error().message) {
    problem = done.error().message;
    if (report_) report_(fmt::format("{}: {}", name, problem));
  }
}

}  // namespace omashu::broker
