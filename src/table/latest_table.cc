#include "table/latest_table.h"

#include <algorithm>
#include <tuple>

namespace omashu::table {

bool LatestTable::apply(Record record) {
  auto [found, is_new] = keys_.try_emplace(std::move(record.key));
  Versions& versions = found->second;
  const bool was_live = !is_new && versions.all[versions.latest].value.has_value();
  const Position shown = is_new ? Position{-1, -1} : versions.all[versions.latest].position;

  const auto same = std::ranges::find_if(versions.all, [&](const Version& version) {
    return version.position.partition == record.position.partition && version.key_bytes == record.key_bytes;
  });
  if (same != versions.all.end() && same->position.offset >= record.position.offset) return false;
  Version version{.key_bytes = std::move(record.key_bytes),
                  .value = std::move(record.value),
                  .position = record.position,
                  .timestamp_ms = record.timestamp_ms};
  if (same != versions.all.end()) {
    *same = std::move(version);
  } else {
    versions.all.push_back(std::move(version));
  }
  versions.latest = find_latest(versions.all);

  const Version& latest = versions.all[versions.latest];
  const bool is_live = latest.value.has_value();
  live_ += static_cast<size_t>(is_live) - static_cast<size_t>(was_live);
  return (is_live || was_live) && latest.position != shown;
}

size_t LatestTable::find_latest(const std::vector<Version>& versions) {
  size_t latest = 0;
  for (size_t i = 1; i < versions.size(); ++i) {
    // Outdone in its own partition, a record takes no part in the comparison between partitions.
    const bool is_outdone = std::ranges::any_of(versions, [&](const Version& other) {
      return other.position.partition == versions[i].position.partition &&
             other.position.offset > versions[i].position.offset;
    });
    if (is_outdone) continue;
    const auto order = [](const Version& version) {
      return std::tuple(version.timestamp_ms, version.position.partition);
    };
    const bool latest_is_outdone = versions[latest].position.partition == versions[i].position.partition;
    if (latest_is_outdone || order(versions[latest]) < order(versions[i])) latest = i;
  }
  return latest;
}

Row LatestTable::row_of(std::string_view key, const Versions& versions) {
  const Version& latest = versions.all[versions.latest];
  Row row{.key = key, .value = std::nullopt, .position = latest.position, .timestamp_ms = latest.timestamp_ms};
  if (latest.value) row.value = *latest.value;
  return row;
}

std::optional<Row> LatestTable::find(std::string_view key) const {
  const auto found = keys_.find(key);
  if (found == keys_.end()) return std::nullopt;
  return row_of(found->first, found->second);
}

std::vector<Row> LatestTable::rows() const {
  std::vector<Row> rows;
  rows.reserve(live_);
  for (const auto& [key, versions] : keys_) {
    if (versions.all[versions.latest].value) rows.push_back(row_of(key, versions));
  }
  std::ranges::sort(rows, {}, &Row::key);
  return rows;
}

std::vector<LatestTable::Duplicate> LatestTable::duplicates() const {
  std::vector<Duplicate> duplicates;
  for (const auto& [key, versions] : keys_) {
    if (std::ranges::count_if(versions.all, [](const Version& version) { return version.value.has_value(); }) < 2)
      continue;
    Duplicate duplicate{.key = key, .positions = {versions.all[versions.latest].position}};
    for (size_t i = 0; i < versions.all.size(); ++i) {
      if (i != versions.latest && versions.all[i].value) duplicate.positions.push_back(versions.all[i].position);
    }
    duplicates.push_back(std::move(duplicate));
  }
  std::ranges::sort(duplicates, {}, &Duplicate::key);
  return duplicates;
}

}  // namespace omashu::table
