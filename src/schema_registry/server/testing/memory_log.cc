#include "schema_registry/server/testing/memory_log.h"

namespace omashu::schema_registry::server::testing {

void MemoryLog::add_reader(SharedStore& store, std::function<void()> on_progress) {
  {
    const std::lock_guard lock(mutex_);
    readers_.push_back({&store, std::move(on_progress)});
  }
  store.set_restored();
  deliver();
}

Result<std::vector<int64_t>> MemoryLog::append(std::span<const TopicRecord> records, const Term& term) {
  if (auto allowed = run(before_append_, records); !allowed) return fail(std::move(allowed.error()));
  std::vector<int64_t> offsets;
  for (const TopicRecord& record : records) offsets.push_back(append_as(record, term_text(term)));
  if (auto heard = run(after_append_, records); !heard) return fail(std::move(heard.error()));
  return offsets;
}

Result<void> MemoryLog::run(const Intercept& intercept, std::span<const TopicRecord> records) const {
  std::unique_lock lock(mutex_);
  const Intercept copy = intercept;
  lock.unlock();
  return copy ? copy(records) : Result<void>();
}

void MemoryLog::before_append(Intercept intercept) {
  const std::lock_guard lock(mutex_);
  before_append_ = std::move(intercept);
}

void MemoryLog::after_append(Intercept intercept) {
  const std::lock_guard lock(mutex_);
  after_append_ = std::move(intercept);
}

int64_t MemoryLog::append_as(TopicRecord record, const std::string& term) {
  int64_t offset = 0;
  {
    const std::lock_guard lock(mutex_);
    offset = static_cast<int64_t>(entries_.size());
    entries_.push_back({std::move(record), term});
  }
  deliver();
  return offset;
}

void MemoryLog::hold_readers() {
  const std::lock_guard lock(mutex_);
  is_held_ = true;
}

void MemoryLog::release_readers() {
  {
    const std::lock_guard lock(mutex_);
    is_held_ = false;
  }
  deliver();
}

std::vector<MemoryLog::Entry> MemoryLog::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

void MemoryLog::deliver() {
  std::vector<std::function<void()>> told;
  {
    const std::lock_guard lock(mutex_);
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
