#include "broker/topic/partition.h"

#include <utility>

namespace omashu::broker {

AppendResult Partition::append(std::span<char> batch, const AppendOptions& options) {
  AppendResult result = log_->append(batch, options);
  if (result.error == KafkaError::kNone && !result.is_duplicate) tell_listeners();
  return result;
}

void Partition::listen(const std::shared_ptr<AppendListener>& listener) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const auto& other) { return other.expired(); });
  listeners_.push_back(listener);
}

void Partition::tell_listeners() {
  std::vector<std::weak_ptr<AppendListener>> listeners;
  {
    const std::lock_guard lock(mutex_);
    if (listeners_.empty()) return;
    listeners = std::exchange(listeners_, {});
  }
  for (const auto& listener : listeners) {
    if (const auto alive = listener.lock()) alive->appended(*this);
  }
}

}  // namespace omashu::broker
