// What a stored table does where it reads some of the partitions alone.

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "table/live/stored_row.h"
#include "table/live/stored_table.h"

namespace omashu::table {

namespace {

constexpr size_t kRowsAtOnce = 1'000;

std::string left_note(kafka::PartitionId partition) { return fmt::format("left_at_ms.{}", partition); }

}  // namespace

bool StoredTable::has_read(kafka::PartitionId partition) const {
  const MutexLock lock(status_mutex_);
  return progress_.is_complete(partition);
}

// The row as the partitions say that are read now.
Result<Lookup> StoredTable::find_among_read(std::string_view key, std::string_view bytes, bool is_complete) const {
  const auto versions = read_versions(bytes);
  if (!versions) return fail(versions.error());
  const NextOffsets read = positions_->next();
  std::set<kafka::PartitionId> others;
  for (const RowVersion& version : *versions) {
    if (!read.contains(version.position.partition)) others.insert(version.position.partition);
  }
  std::string left;
  if (!others.empty()) {
    auto without = without_partitions(bytes, others);
    if (!without) return fail(std::move(without.error()));
    left = *std::move(without);
    bytes = left;
    if (bytes.empty()) return Lookup{.state = is_complete ? RowState::kNeverSeen : RowState::kNotYetSeen, .row = {}};
  }
  const auto row = read_stored_row(bytes);
  if (!row) return fail(row.error());
  return row->lookup(key, parts_.now_ms());
}

void StoredTable::begin_partitions(const NextOffsets& starts, const NextOffsets& ends) {
  for (const auto& [partition, start] : starts) {
    if (left_at_ms(partition)) left_.insert(partition);
  }
  {
    const MutexLock lock(status_mutex_);
    const auto now = std::chrono::steady_clock::now();
    for (const auto& [partition, start] : starts) {
      const auto end = ends.find(partition);
      progress_.add(partition, start, end == ends.end() ? start : end->second);
      ends_.on_read(partition, start);
      if (end != ends.end()) ends_.on_end(partition, end->second, now);
    }
  }
  move_on(starts);
}

Result<void> StoredTable::leave_partitions(const std::set<kafka::PartitionId>& partitions) {
  ChangeBatch batch;
  const int64_t now_ms = parts_.now_ms();
  for (const kafka::PartitionId partition : partitions) {
    // One that was not up to date was left earlier, or is as old as the store's own note.
    if (has_read(partition)) batch.notes.emplace_back(left_note(partition), std::to_string(now_ms));
    left_.erase(partition);
  }
  positions_->drop(partitions);
  bool is_complete = false;
  {
    const MutexLock lock(status_mutex_);
    for (const kafka::PartitionId partition : partitions) {
      progress_.remove(partition);
      ends_.remove(partition);
    }
    is_complete = is_restoring_ && progress_.is_complete();
  }
  if (is_complete) finish_restore();
  if (batch.notes.empty()) return {};
  needs_flush_ = true;
  return store()->apply(batch);
}

Result<void> StoredTable::note_all_left() {
  ChangeBatch batch;
  const std::shared_ptr<TableStore> held = store();
  const int64_t current_ms = current_at_ms(*held).value_or(0);
  for (const auto& [partition, next] : held->snapshot()->next_offsets()) {
    if (!left_at_ms(partition)) batch.notes.emplace_back(left_note(partition), std::to_string(current_ms));
  }
  return batch.notes.empty() ? Result<void>() : held->apply(batch);
}

std::optional<int64_t> StoredTable::left_at_ms(kafka::PartitionId partition) const {
  const auto note = store()->snapshot()->note(left_note(partition));
  if (!note || !*note) return std::nullopt;
  int64_t number = 0;
  const std::string& text = **note;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Of those that are up to date again.
void StoredTable::forget_left_notes(const NextOffsets& moved) {
  ChangeBatch batch;
  for (const auto& [partition, next] : moved) {
    if (!left_.contains(partition) || !has_read(partition)) continue;
    left_.erase(partition);
    batch.notes.emplace_back(left_note(partition), std::nullopt);
  }
  // A note that stays makes the partition be taken for older than it is, which is safe.
  if (!batch.notes.empty()) static_cast<void>(store()->apply(batch));
}

Result<void> StoredTable::forget_partitions(const std::set<kafka::PartitionId>& partitions) {
  const std::shared_ptr<TableStore> held = store();
  const std::shared_ptr<const StoreSnapshot> state = held->snapshot();
  std::optional<std::string> last;
  for (bool is_over = false; !is_over;) {
    std::vector<std::pair<std::string, std::string>> rows;
    const Range behind{.from = last ? *last + '\0' : "", .to = ""};
    size_t seen = 0;
    const auto scanned = state->scan(behind, false, [&](std::string_view key, std::string_view row) {
      last = key;
      rows.emplace_back(key, row);
      return ++seen < kRowsAtOnce;
    });
    if (!scanned) return fail(scanned.error());
    is_over = seen < kRowsAtOnce;
    RowChanges changes({.indexes = indexes_.size(), .delete_retention_ms = parts_.delete_retention_ms});
    for (size_t i = 0; i < rows.size(); ++i) {
      changes.add_row(rows[i].first, std::move(rows[i].second));
      if (auto forgot = changes.forget(i, partitions); !forgot) return forgot;
    }
    if (auto done = commit(changes, {}); !done) return done;
  }
  ChangeBatch batch;
  for (const kafka::PartitionId partition : partitions) {
    batch.notes.emplace_back(left_note(partition), std::nullopt);
    batch.next_offsets[partition] = 0;
  }
  return held->apply(batch);
}

}  // namespace omashu::table
