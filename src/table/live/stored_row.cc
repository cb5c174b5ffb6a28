#include "table/live/stored_row.h"

#include <algorithm>
#include <utility>

#include "table/live/kept_value.h"

namespace omashu::table {

LiveRow StoredRow::live_row(std::string_view key) const {
  return {.key = std::string(key),
          .value = is_live ? std::optional<std::string>(stored_value) : std::nullopt,
          .position = shown.position,
          .timestamp_ms = shown.timestamp_ms};
}

Lookup StoredRow::lookup(std::string_view key, int64_t now_ms) const {
  Lookup found{.state = RowState::kFound, .row = live_row(key)};
  if (is_live && (!expires_ms || *expires_ms > now_ms)) return found;
  found.state = RowState::kDeleted;
  found.row->value.reset();
  return found;
}

namespace {

Result<StoredRow> row_of(RowVersion shown) {
  StoredRow row;
  row.shown = std::move(shown);
  if (!row.shown.value) return row;
  auto kept = read_kept_value(*row.shown.value);
  if (!kept) return fail(std::move(kept.error()));
  row.expires_ms = kept->expires_ms;
  if (kept->is_hidden()) return row;
  row.is_live = true;
  row.stored_value = kept->stored_value;
  row.index_values = std::move(kept->index_values);
  return row;
}

}  // namespace

Result<StoredRow> read_stored_row(std::string_view bytes) {
  auto shown = read_latest(bytes);
  if (!shown) return fail(std::move(shown.error()));
  return row_of(*std::move(shown));
}

Result<WholeRow> read_whole_row(std::string_view bytes) {
  WholeRow whole;
  if (bytes.empty()) return whole;
  auto only = read_only_version(bytes);
  if (!only) return fail(std::move(only.error()));
  if (*only) {
    whole.live_records = (*only)->value ? 1 : 0;
    auto row = row_of(**std::move(only));
    if (!row) return fail(std::move(row.error()));
    whole.row = *std::move(row);
    return whole;
  }
  auto versions = read_versions(bytes);
  if (!versions) return fail(std::move(versions.error()));
  whole.live_records = static_cast<size_t>(
      std::ranges::count_if(*versions, [](const RowVersion& version) { return version.value.has_value(); }));
  auto row = row_of(std::move(versions->front()));
  if (!row) return fail(std::move(row.error()));
  whole.row = *std::move(row);
  return whole;
}

std::optional<int64_t> WholeRow::due_ms(int64_t delete_retention_ms) const {
  if (!row) return std::nullopt;
  if (row->is_live) return row->expires_ms;
  const bool is_hidden = row->shown.value.has_value();
  if (live_records > (is_hidden ? 1 : 0)) return std::nullopt;
  return std::max({row->shown.timestamp_ms, row->expires_ms.value_or(0), int64_t{0}}) + delete_retention_ms;
}

// Big-endian, so that it is ordered as the times are.
std::string due_value(int64_t due_ms) {
  std::string value;
  for (int shift = 56; shift >= 0; shift -= 8) value += static_cast<char>(static_cast<uint64_t>(due_ms) >> shift);
  return value;
}

int64_t due_ms_of(std::string_view value) {
  uint64_t due = 0;
  for (const char byte : value.substr(0, 8)) due = (due << 8) | static_cast<unsigned char>(byte);
  return static_cast<int64_t>(due);
}

}  // namespace omashu::table
