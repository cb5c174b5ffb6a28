#include "broker/topic/partition.h"

#include <utility>

namespace omashu::broker {

AppendResult Partition::append(std::span<char> batch, const AppendOptions& options) {
  AppendResult result = log_->append(batch, options);
  if (result.error == KafkaError::kNone && !result.is_duplicate) {
    for (const auto& listener : listeners()) listener->on_append(result.size_bytes);
  }
  return result;
}

void Partition::listen(const std::shared_ptr<PartitionListener>& listener) {
  const MutexLock lock(mutex_);
  std::erase_if(listeners_, [](const auto& other) { return other.expired(); });
  listeners_.push_back(listener);
}

void Partition::tell_that_topic_is_deleted() {
  for (const auto& listener : listeners()) listener->on_topic_deleted();
}

std::vector<std::shared_ptr<PartitionListener>> Partition::listeners() {
  std::vector<std::shared_ptr<PartitionListener>> alive;
  const MutexLock lock(mutex_);
  alive.reserve(listeners_.size());
  std::erase_if(listeners_, [&](const auto& listener) {
    auto locked = listener.lock();
    if (locked == nullptr) return true;
    alive.push_back(std::move(locked));
    return false;
  });
  return alive;
}

}  // namespace omashu::broker
