#include "schema_registry/server/shared_store.h"

namespace omashu::schema_registry::server {

void SharedStore::apply(std::span<const IncomingRecord> records) {
  int64_t next_offset = 0;
  {
    const MutexLock gate(gate_);
    const WriterLock lock(mutex_);
    for (const IncomingRecord& record : records) store_.apply(record);
    next_offset = store_.next_offset();
  }
  const MutexLock lock(progress_mutex_);
  next_offset_ = next_offset;
  progressed_.notify_all();
}

void SharedStore::reset() {
  const MutexLock gate(gate_);
  const WriterLock lock(mutex_);
  const MutexLock progress(progress_mutex_);
  store_ = Store();
  next_offset_ = 0;
  is_restored_ = false;
}

bool SharedStore::wait_for(int64_t offset, Clock::time_point deadline) const {
  MutexLock lock(progress_mutex_);
  while (next_offset_ <= offset) {
    if (!progressed_.wait_until(lock, deadline)) return next_offset_ > offset;
  }
  return true;
}

bool SharedStore::is_restored() const {
  const MutexLock lock(progress_mutex_);
  return is_restored_;
}

void SharedStore::set_restored() {
  if (is_restored()) return;
  {
    const MutexLock gate(gate_);
    const WriterLock lock(mutex_);
    store_.check_ids();
  }
  const MutexLock lock(progress_mutex_);
  is_restored_ = true;
}

void SharedStore::note_unreadable(int64_t first, int64_t end) {
  const MutexLock gate(gate_);
  const WriterLock lock(mutex_);
  store_.note_unreadable(first, end);
}

}  // namespace omashu::schema_registry::server
