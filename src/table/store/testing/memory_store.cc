#include "table/store/testing/memory_store.h"

namespace omashu::table::testing {

namespace {

// The entries in [from, to), "" being open, in either order, until `visit` returns false.
template <class Iterator, class Visit>
void visit_between(Iterator begin, Iterator end, bool descending, const Visit& visit) {
  if (!descending) {
    for (; begin != end; ++begin) {
      if (!visit(*begin)) return;
    }
    return;
  }
  while (end != begin) {
    if (!visit(*--end)) return;
  }
}

class MemorySnapshot : public StoreSnapshot {
 public:
  explicit MemorySnapshot(std::shared_ptr<const MemoryState> state) : state_(std::move(state)) {}

  const NextOffsets& next_offsets() const override { return state_->next_offsets; }
  int64_t live_rows() const override { return state_->live_rows; }

  Result<std::optional<std::string>> get(std::string_view key, Reach) const override {
    const auto found = state_->rows.find(std::string(key));
    if (found == state_->rows.end()) return std::nullopt;
    return found->second;
  }

  Result<void> scan(const Range& keys, bool descending, const VisitRow& visit) const override {
    const auto& rows = state_->rows;
    const auto begin = rows.lower_bound(keys.from);
    const auto end = keys.to.empty() ? rows.end() : rows.lower_bound(keys.to);
    if (keys.to.empty() || keys.from < keys.to) {
      visit_between(begin, end, descending, [&](const auto& row) { return visit(row.first, row.second); });
    }
    return {};
  }

  Result<void> scan_index(size_t index, const Range& values, bool descending,
                          const std::optional<std::pair<std::string, std::string>>& after,
                          const VisitEntry& visit) const override {
    const auto& entries = state_->indexes.at(index);
    if (!values.to.empty() && values.from >= values.to) return {};
    auto begin = entries.lower_bound({values.from, ""});
    auto end = values.to.empty() ? entries.end() : entries.lower_bound({values.to, ""});
    if (after && !descending && (begin == entries.end() || *begin <= *after)) begin = entries.upper_bound(*after);
    if (after && descending && (end == entries.end() || *after < *end)) end = entries.lower_bound(*after);
    if (begin != entries.end() && (end == entries.end() || *begin < *end)) {
      visit_between(begin, end, descending, [&](const auto& entry) { return visit(entry.first, entry.second); });
    }
    return {};
  }

  Result<std::vector<ValueCount>> counts(size_t index) const override {
    std::vector<ValueCount> counts;
    for (const auto& [value, key] : state_->indexes.at(index)) {
      if (counts.empty() || counts.back().value != value) counts.push_back({.value = value});
      ++counts.back().count;
    }
    return counts;
  }

  Result<std::optional<std::string>> note(std::string_view name) const override {
    const auto found = state_->notes.find(std::string(name));
    if (found == state_->notes.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::shared_ptr<const MemoryState> state_;
};

void apply_row(MemoryState& state, const RowChange& change) {
  if (change.row) {
    state.rows[change.key] = *change.row;
  } else {
    state.rows.erase(change.key);
  }
  state.live_rows += change.live;
  for (const RowChange::IndexChange& index : change.indexes) {
    auto& entries = state.indexes.at(index.index);
    if (index.before) entries.erase({*index.before, change.key});
    if (index.after) entries.emplace(*index.after, change.key);
  }
}

}  // namespace

MemoryStore::MemoryStore(const StoreIdentity& identity, std::shared_ptr<MemoryDisk> disk)
    : disk_(disk != nullptr ? std::move(disk) : std::make_shared<MemoryDisk>()) {
  const bool is_same = disk_->identity.topic == identity.topic && disk_->identity.topic_id == identity.topic_id &&
                       disk_->identity.key_schema == identity.key_schema && disk_->identity.indexes == identity.indexes;
  if (!is_same && disk_->flushed) emptied_because_ = "it is of another table";
  const MutexLock lock(mutex_);
  state_ = is_same && disk_->flushed ? std::make_shared<MemoryState>(*disk_->flushed) : std::make_shared<MemoryState>();
  state_->indexes.resize(identity.indexes.size());
  disk_->identity = identity;
}

std::shared_ptr<const MemoryState> MemoryStore::state() const {
  const MutexLock lock(mutex_);
  return state_;
}

Result<std::optional<std::string>> MemoryStore::get(std::string_view key, Reach reach) const {
  const MutexLock lock(mutex_);
  if (is_on_disk_alone_ && reach == Reach::kMemory) return fail(ErrorCode::kUnavailable, "the row is on the disk");
  const auto found = state_->rows.find(std::string(key));
  if (found == state_->rows.end()) return std::nullopt;
  return found->second;
}

Result<std::vector<std::optional<std::string>>> MemoryStore::get_many(std::span<const std::string_view> keys) const {
  std::vector<std::optional<std::string>> rows;
  for (const std::string_view key : keys) rows.push_back(*get(key, Reach::kDisk));
  return rows;
}

Result<void> MemoryStore::apply(const ChangeBatch& batch) {
  const MutexLock lock(mutex_);
  if (state_.use_count() > 1) state_ = std::make_shared<MemoryState>(*state_);
  for (const RowChange& change : batch.rows) apply_row(*state_, change);
  for (const auto& [name, note] : batch.notes) {
    if (note) {
      state_->notes[name] = *note;
    } else {
      state_->notes.erase(name);
    }
  }
  for (const auto& [partition, next] : batch.next_offsets) state_->next_offsets[partition] = next;
  return {};
}

std::shared_ptr<const StoreSnapshot> MemoryStore::snapshot() const { return std::make_shared<MemorySnapshot>(state()); }

Result<void> MemoryStore::flush() {
  disk_->flushed = std::make_shared<const MemoryState>(*state());
  ++disk_->flushes;
  return {};
}

void MemoryStore::keep_nothing_in_memory() {
  const MutexLock lock(mutex_);
  is_on_disk_alone_ = true;
}

}  // namespace omashu::table::testing
