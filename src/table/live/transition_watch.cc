#include "table/live/transition_watch.h"

#include <optional>
#include <utility>

#include "table/stored_value.h"

namespace omashu::table {

void TransitionWatch::observe(TypedTopic& typed, std::span<const Change> changes) {
  if (typed.transitions().is_empty()) return;
  for (const Change& change : changes) {
    if (change.is_expiry || !change.after->value) continue;
    std::optional<StoredValue> before;
    if (change.before != nullptr && change.before->value) before = read_stored_value(*change.before->value);
    auto found = typed.check_transition(before ? &*before : nullptr, read_stored_value(*change.after->value));
    if (!found || !*found) continue;
    const MutexLock lock(mutex_);
    ++count_;
    last_.push_front({.key = change.after->key,
                      .position = change.after->position,
                      .timestamp_ms = change.after->timestamp_ms,
                      .transition = **std::move(found)});
    if (last_.size() > kMaxKept) last_.pop_back();
  }
}

int64_t TransitionWatch::count() const {
  const MutexLock lock(mutex_);
  return count_;
}

std::vector<ImpossibleChange> TransitionWatch::last() const {
  const MutexLock lock(mutex_);
  return {last_.begin(), last_.end()};
}

}  // namespace omashu::table
