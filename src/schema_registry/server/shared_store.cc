#include "schema_registry/server/shared_store.h"

namespace omashu::schema_registry::server {

void SharedStore::apply(std::span<const IncomingRecord> records) {
  int64_t next_offset = 0;
  {
    const std::lock_guard gate(gate_);
    const std::lock_guard lock(mutex_);
    for (const IncomingRecord& record : records) store_.apply(record);
    next_offset = store_.next_offset();
  }
  const std::lock_guard lock(progress_mutex_);
  next_offset_ = next_offset;
  progressed_.notify_all();
}

void SharedStore::reset() {
  const std::lock_guard gate(gate_);
  const std::lock_guard lock(mutex_);
  const std::lock_guard progress(progress_mutex_);
  store_ = Store();
  next_offset_ = 0;
  is_restored_ = false;
}

bool SharedStore::wait_for(int64_t offset, Clock::time_point deadline) const {
  std::unique_lock lock(progress_mutex_);
  return progressed_.wait_until(lock, deadline, [&] { return next_offset_ > offset; });
}

bool SharedStore::is_restored() const {
  const std::lock_guard lock(progress_mutex_);
  return is_restored_;
}

void SharedStore::set_restored() {
  const std::lock_guard lock(progress_mutex_);
  is_restored_ = true;
}

}  // namespace omashu::schema_registry::server
