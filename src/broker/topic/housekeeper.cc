#include "broker/topic/housekeeper.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

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

void Housekeeper::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, interval_, [this] { return is_stopping_; })) {
    lock.unlock();
    for (const TopicPtr& topic : topics_.all()) {
      for (const auto& partition : topic->partitions) look_after(*partition);
    }
    lock.lock();
  }
}

void Housekeeper::look_after(Partition& partition) {
  const auto done = partition.log()->maintain(wall_ms_());
  const std::string name = fmt::format("{}-{}", partition.topic(), partition.index());
  if (done) {
    problems_.erase(name);
  } else if (auto& problem = problems_[name]; problem != done.error().message) {
    problem = done.error().message;
    if (report_) report_(fmt::format("{}: {}", name, problem));
  }
}

}  // namespace omashu::broker
