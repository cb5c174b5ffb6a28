#include "table/live/row_changes.h"

#include <algorithm>
#include <utility>

#include "table/live/kept_value.h"
#include "table/live/stored_row.h"

namespace omashu::table {

namespace {

constexpr RowOptions kRowOptions = {};

}  // namespace

void RowChanges::add_row(std::string_view key, std::optional<std::string> bytes) {
  Row& row = rows_.emplace_back();
  row.key = key;
  if (bytes) row.now = *bytes;
  row.before = std::move(bytes);
}

Result<std::shared_ptr<const LiveRow>> RowChanges::live_row(Row& row) {
  if (row.shown != nullptr || row.now.empty()) return row.shown;
  const auto stored = read_stored_row(row.now);
  if (!stored) return fail(stored.error());
  row.shown = std::make_shared<const LiveRow>(stored->live_row(row.key));
  return row.shown;
}

Result<void> RowChanges::apply(size_t row_number, const DecodedRecord& record) {
  Row& row = rows_[row_number];
  std::shared_ptr<const LiveRow> before;
  if (rules_.has_feed) {
    auto shown = live_row(row);
    if (!shown) return fail(std::move(shown.error()));
    if (*shown != nullptr && (*shown)->value) before = *std::move(shown);
  }
  const auto update = apply_record(row.now, record.view(), kRowOptions);
  if (!update) return fail(update.error());
  if (!update->is_stored) return {};
  row.is_changed = true;
  row.shown = nullptr;
  if (!rules_.has_feed || !update->is_changed) return {};
  auto after = live_row(row);
  if (!after) return fail(std::move(after.error()));
  if (before == nullptr && !(*after)->value) return {};  // it was hidden, and is deleted now
  changes_.push_back({.before = std::move(before), .after = *std::move(after), .cause = record.position});
  return {};
}

Result<void> RowChanges::expire(size_t row_number, int64_t now_ms) {
  Row& row = rows_[row_number];
  const auto whole = read_whole_row(row.now);
  if (!whole) return fail(whole.error());
  const auto due = whole->due_ms(rules_.delete_retention_ms);
  if (!due || *due > now_ms) return {};
  auto before = live_row(row);
  if (!before) return fail(std::move(before.error()));
  row.is_changed = true;
  row.shown = nullptr;
  if (!(*before)->value) {
    row.now.clear();
    return {};
  }
  const RowVersion& shown = whole->row->shown;
  hidden_.push_back(
      {.key = std::string(row.key), .key_bytes = std::string(shown.key_bytes), .position = shown.position});
  if (auto replaced = replace_latest_value(row.now, hidden_value(*due)); !replaced) return replaced;
  if (!rules_.has_feed) return {};
  auto after = live_row(row);
  if (!after) return fail(std::move(after.error()));
  const Position cause = (*after)->position;
  changes_.push_back({.before = *std::move(before), .after = *std::move(after), .cause = cause, .is_expiry = true});
  return {};
}

Result<void> RowChanges::forget(size_t row_number, const std::set<kafka::PartitionId>& partitions) {
  Row& row = rows_[row_number];
  auto left = without_partitions(row.now, partitions);
  if (!left) return fail(std::move(left.error()));
  if (*left == row.now) return {};
  row.now = *std::move(left);
  row.is_changed = true;
  row.shown = nullptr;
  return {};
}

Result<RowChange> RowChanges::stored(Row& row) {
  const auto before = read_whole_row(row.before ? std::string_view(*row.before) : std::string_view());
  if (!before) return fail(before.error());
  const auto after = read_whole_row(row.now);
  if (!after) return fail(after.error());
  RowChange change{.key = std::string(row.key), .row = std::nullopt, .live = 0, .indexes = {}};
  change.live = (after->is_live() ? 1 : 0) - (before->is_live() ? 1 : 0);
  duplicates_ += (after->live_records > 1 ? 1 : 0) - (before->live_records > 1 ? 1 : 0);
  const auto add_index = [&](size_t index, std::optional<std::string> from, std::optional<std::string> to) {
    if (from != to) change.indexes.push_back({.index = index, .before = std::move(from), .after = std::move(to)});
  };
  const auto value_of = [](const WholeRow& whole, size_t index) {
    const bool has_value = whole.is_live() && index < whole.row->index_values.size();
    return has_value ? std::optional<std::string>(whole.row->index_values[index]) : std::nullopt;
  };
  for (size_t i = 0; i < rules_.indexes; ++i) add_index(i, value_of(*before, i), value_of(*after, i));
  const auto due_before = before->due_ms(rules_.delete_retention_ms), due = after->due_ms(rules_.delete_retention_ms);
  add_index(rules_.indexes, due_before.transform(due_value), due.transform(due_value));
  if (due) next_due_ms_ = std::min(next_due_ms_.value_or(*due), *due);
  if (!row.now.empty()) change.row = std::move(row.now);
  return change;
}

Result<std::vector<RowChange>> RowChanges::take_rows() {
  std::vector<RowChange> changes;
  for (Row& row : rows_) {
    if (!row.is_changed) continue;
    auto change = stored(row);
    if (!change) return fail(std::move(change.error()));
    changes.push_back(*std::move(change));
  }
  return changes;
}

}  // namespace omashu::table
