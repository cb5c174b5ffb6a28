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
    : topics_(topics),
      wall_ms_(std::move(wall_ms)),
      report_(std::move(report)),
      interval_(interval),
      has_deleted_topics_(topics.has_deleted_folders()),
      thread_([this] { run(); }) {}

Housekeeper::~Housekeeper() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Housekeeper::set_interval(std::chrono::milliseconds interval) {
  {
    const MutexLock lock(mutex_);
    interval_ = interval;
  }
  changed_.notify_one();
}

void Housekeeper::topics_deleted() {
  {
    const MutexLock lock(mutex_);
    has_deleted_topics_ = true;
  }
  changed_.notify_one();
}

bool Housekeeper::is_stopping() {
  const MutexLock lock(mutex_);
  return is_stopping_;
}

void Housekeeper::run() {
  auto last_round = std::chrono::steady_clock::now();
  MutexLock lock(mutex_);
  while (!is_stopping_) {
    const bool is_round_due = std::chrono::steady_clock::now() >= last_round + interval_;
    if (!is_round_due && !has_deleted_topics_) {
      changed_.wait_until(lock, last_round + interval_);
      continue;
    }
    has_deleted_topics_ = false;
    lock.unlock();
    remove_deleted_folders();
    if (is_round_due) {
      maintain_all();
      last_round = std::chrono::steady_clock::now();
    }
    lock.lock();
  }
}

void Housekeeper::remove_deleted_folders() {
  note("deleted topics", topics_.remove_deleted_folders([this] { return is_stopping(); }));
}

// The dirtiest log is compacted first. What a full map leaves over is done the next time.
void Housekeeper::maintain_all() {
  struct DirtyLog {
    TopicPtr topic;
    std::shared_ptr<Partition> partition;
    double ratio = 0;
  };
  std::vector<DirtyLog> dirty;
  for (const TopicPtr& topic : topics_.all()) {
    for (const auto& partition : topic->partitions) {
      if (is_stopping()) return;
      auto done = partition->log()->maintain(wall_ms_());
      const auto need = partition->log()->compaction_need(wall_ms_());
      if (done && !need) done = fail(need.error());
      if (done) done = partition->log()->last_append();
      note(*topic, *partition, done);
      if (need && need->is_due) dirty.push_back({topic, partition, need->dirty_ratio});
    }
  }
  std::ranges::sort(dirty, std::greater(), &DirtyLog::ratio);
  for (const DirtyLog& next : dirty) {
    if (is_stopping()) return;
    const auto compacted = next.partition->log()->compact({.now_ms = wall_ms_()});
    const bool is_gone = !compacted && (compacted.error().code == ErrorCode::kCancelled ||
                                        compacted.error().code == ErrorCode::kNotFound);
    note(*next.topic, *next.partition, compacted || is_gone ? Result<void>() : fail(compacted.error()));
  }
}

void Housekeeper::note(const Topic& topic, const Partition& partition, const Result<void>& done) {
  // The log of a topic that was deleted meanwhile refuses everything.
  const bool is_deleted = !done && topics_.find(topic.id) == nullptr;
  note(fmt::format("{}-{}", partition.topic(), partition.index()), is_deleted ? Result<void>() : done);
}

void Housekeeper::note(const std::string& what, const Result<void>& done) {
  if (done) {
    problems_.erase(what);
  } else if (auto& problem = problems_[what]; problem != done.error().message) {
    problem = done.error().message;
    if (report_) report_(fmt::format("{}: {}", what, problem));
  }
}

}  // namespace omashu::broker
