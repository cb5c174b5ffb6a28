// A TableStore in memory, for tests. What is flushed is kept beside it: a store that is opened on the same MemoryDisk
// finds the state of the last flush, as after a crash.

#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "table/store/table_store.h"

namespace omashu::table::testing {

struct MemoryState {
  std::map<std::string, std::string> rows;
  std::vector<std::set<std::pair<std::string, std::string>>> indexes;  // value and key
  std::map<std::string, std::string> notes;
  NextOffsets next_offsets;
  int64_t live_rows = 0;
};

struct MemoryDisk {
  StoreIdentity identity;
  std::shared_ptr<const MemoryState> flushed;
  int flushes = 0;
};

class MemoryStore : public TableStore {
 public:
  explicit MemoryStore(const StoreIdentity& identity, std::shared_ptr<MemoryDisk> disk = nullptr);

  const std::optional<std::string>& emptied_because() const override { return emptied_because_; }
  Result<std::optional<std::string>> get(std::string_view key, Reach reach) const override;
  Result<std::vector<std::optional<std::string>>> get_many(std::span<const std::string_view> keys) const override;
  Result<void> apply(const ChangeBatch& batch) override;
  std::shared_ptr<const StoreSnapshot> snapshot() const override;
  Result<void> flush() override;
  void begin_restore() override {}
  Result<void> end_restore() override { return {}; }
  uint64_t memory_bytes() const override { return 0; }
  uint64_t disk_bytes() const override { return 0; }

  // Reads with Reach::kMemory answer kUnavailable from here on.
  void keep_nothing_in_memory() EXCLUDES(mutex_);

 private:
  std::shared_ptr<const MemoryState> state() const EXCLUDES(mutex_);

  std::shared_ptr<MemoryDisk> disk_;
  std::optional<std::string> emptied_because_;
  mutable Mutex mutex_;
  std::shared_ptr<MemoryState> state_ GUARDED_BY(mutex_);
  bool is_on_disk_alone_ GUARDED_BY(mutex_) = false;
};

}  // namespace omashu::table::testing
