#include "schema_registry/server/testing/memory_log.h"

namespace omashu::schema_registry::server::testing {

void MemoryLog::add_reader(SharedStore& store, std::function<void()> on_progress) {
  {
    const MutexLock lock(mutex_);
    readers_.push_back({&store, std::move(on_progress)});
  }
  store.set_restored();
  deliver();
}

Result<std::vector<int64_t>> MemoryLog::append(std::span<const TopicRecord> records, const Term& term, int64_t) {
  if (const auto before = intercepts().before_append) {
    if (auto allowed = before(records); !allowed) return fail(std::move(allowed.error()));
  }
  std::vector<int64_t> offsets;
  for (const TopicRecord& record : records) offsets.push_back(append_as(record, term_text(term)));
  if (const auto after = intercepts().after_append) {
    if (auto heard = after(records); !heard) return fail(std::move(heard.error()));
  }
  return offsets;
}

MemoryLog::Intercepts MemoryLog::intercepts() const {
  const MutexLock lock(mutex_);
  return intercepts_;
}

void MemoryLog::before_append(Intercept intercept) {
  const MutexLock lock(mutex_);
  intercepts_.before_append = std::move(intercept);
}

void MemoryLog::after_append(Intercept intercept) {
  const MutexLock lock(mutex_);
  intercepts_.after_append = std::move(intercept);
}

int64_t MemoryLog::append_as(TopicRecord record, const std::string& term) {
  int64_t offset = 0;
  {
    const MutexLock lock(mutex_);
    offset = static_cast<int64_t>(entries_.size());
    entries_.push_back({std::move(record), term});
  }
  deliver();
  return offset;
}

void MemoryLog::hold_readers() {
  const MutexLock lock(mutex_);
  is_held_ = true;
}

void MemoryLog::release_readers() {
  {
    const MutexLock lock(mutex_);
    is_held_ = false;
  }
  deliver();
}

std::vector<MemoryLog::Entry> MemoryLog::entries() const {
  const MutexLock lock(mutex_);
  return entries_;
}

void MemoryLog::deliver() {
  std::vector<std::function<void()>> told;
  {
    const MutexLock lock(mutex_);
    if (is_held_) return;
    for (Reader& reader : readers_) {
      for (; reader.next < entries_.size(); ++reader.next) {
        const Entry& entry = entries_[reader.next];
        const IncomingRecord record = {static_cast<int64_t>(reader.next), entry.record.key, entry.record.value,
                                       entry.term};
        reader.store->apply(std::span(&record, 1));
      }
      told.push_back(reader.on_progress);
    }
  }
  for (const auto& on_progress : told) on_progress();
}

}  // namespace omashu::schema_registry::server::testing
