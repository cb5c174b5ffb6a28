#include "table/live/stored_snapshot.h"

#include <utility>

#include "table/live/stored_row.h"

namespace omashu::table {

PositionSet StoredSnapshot::positions() const {
  PositionSet positions{.topic = topic_, .offsets = {}};
  for (const auto& [partition, next] : snapshot_->next_offsets()) {
    if (next > 0) positions.offsets.emplace_hint(positions.offsets.end(), partition, next - 1);
  }
  return positions;
}

Result<Lookup> StoredSnapshot::find(std::string_view key) const {
  const auto bytes = snapshot_->get(key, Reach::kDisk);
  if (!bytes) return fail(bytes.error());
  if (!*bytes) return Lookup{.state = is_complete_ ? RowState::kNeverSeen : RowState::kNotYetSeen, .row = {}};
  const auto row = read_stored_row(**bytes);
  if (!row) return fail(row.error());
  return row->lookup(key, now_ms_);
}

Result<void> StoredSnapshot::for_each_row(const std::optional<std::string>& after, bool descending,
                                          const Visit& visit) const {
  Range keys;
  if (after && descending) keys.to = *after;
  if (after && !descending) keys.from = *after + '\0';  // the least text behind it
  std::optional<Error> error;
  const auto scanned = snapshot_->scan(keys, descending, [&](std::string_view key, std::string_view bytes) {
    const auto row = read_stored_row(bytes);
    if (!row) {
      error = row.error();
      return false;
    }
    const Lookup found = row->lookup(key, now_ms_);
    return found.state != RowState::kFound || visit(*found.row);
  });
  if (!scanned) return fail(scanned.error());
  if (error) return fail(*std::move(error));
  return {};
}

Result<void> StoredSnapshot::for_each_indexed(
    size_t index, const Range& values, bool descending, const std::optional<std::pair<std::string, std::string>>& after,
    const std::function<bool(std::string_view value, const LiveRow& row)>& visit) const {
  std::optional<Error> error;
  const auto scanned =
      snapshot_->scan_index(index, values, descending, after, [&](std::string_view value, std::string_view key) {
        const auto found = find(key);
        if (!found) {
          error = found.error();
          return false;
        }
        return found->state != RowState::kFound || visit(value, *found->row);
      });
  if (!scanned) return fail(scanned.error());
  if (error) return fail(*std::move(error));
  return {};
}

Result<std::vector<TableSnapshot::Count>> StoredSnapshot::counts(size_t index) const {
  const auto stored = snapshot_->counts(index);
  if (!stored) return fail(stored.error());
  std::vector<Count> counts;
  for (const ValueCount& count : *stored) {
    counts.push_back({.value = schema_->indexes().at(index).json_of(count.value), .count = count.count});
  }
  return counts;
}

}  // namespace omashu::table
