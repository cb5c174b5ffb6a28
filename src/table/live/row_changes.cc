#include "table/live/row_changes.h"

#include <algorithm>
#include <utility>

#include "table/live/kept_value.h"
#include "table/live/stored_row.h"

namespace omashu::table {

namespace {

constexpr RowOptions kRowOptions = {};

// What counters and indexes need to know of a row, before and after a change. Views into its bytes.
struct Indexed {
  bool is_live = false;
  std::vector<std::string_view> values;
  bool has_duplicates = false;
  std::optional<int64_t> due_ms;
};

Result<Indexed> indexed(std::string_view bytes, int64_t delete_retention_ms) {
  Indexed what;
  if (bytes.empty()) return what;
  auto row = read_stored_row(bytes);
  if (!row) return fail(std::move(row.error()));
  const auto live = count_live_records(bytes);
  if (!live) return fail(live.error());
  const auto due = row_due_ms(bytes, delete_retention_ms);
  if (!due) return fail(due.error());
  what.is_live = row->is_live;
  what.values = std::move(row->index_values);
  what.has_duplicates = *live > 1;
  what.due_ms = *due;
  return what;
}

}  // namespace

void RowChanges::add_row(std::string_view key, std::optional<std::string> bytes) {
  const auto [place, is_new] = rows_.try_emplace(key);
  if (!is_new) return;
  order_.push_back(key);
  Row& row = place->second;
  if (bytes) row.now = *bytes;
  row.before = std::move(bytes);
}

Result<std::shared_ptr<const LiveRow>> RowChanges::live_row(std::string_view key, Row& row) const {
  if (row.shown != nullptr || row.now.empty()) return row.shown;
  const auto stored = read_stored_row(row.now);
  if (!stored) return fail(stored.error());
  row.shown = std::make_shared<const LiveRow>(stored->live_row(key));
  return row.shown;
}

Result<void> RowChanges::apply(const DecodedRecord& record) {
  const auto found = rows_.find(record.key);
  if (found == rows_.end()) return {};
  Row& row = found->second;
  std::shared_ptr<const LiveRow> before;
  if (rules_.has_feed) {
    auto shown = live_row(found->first, row);
    if (!shown) return fail(std::move(shown.error()));
    if (*shown != nullptr && (*shown)->value) before = *std::move(shown);
  }
  const auto update = apply_record(row.now, record.view(), kRowOptions);
  if (!update) return fail(update.error());
  if (!update->is_stored) return {};
  row.is_changed = true;
  row.shown = nullptr;
  if (!rules_.has_feed || !update->is_changed) return {};
  auto after = live_row(found->first, row);
  if (!after) return fail(std::move(after.error()));
  if (before == nullptr && !(*after)->value) return {};  // it was hidden, and is deleted now
  changes_.push_back({.before = std::move(before), .after = *std::move(after), .cause = record.position});
  return {};
}

Result<void> RowChanges::expire(std::string_view key, int64_t now_ms) {
  const auto found = rows_.find(key);
  if (found == rows_.end() || found->second.now.empty()) return {};
  Row& row = found->second;
  const auto due = row_due_ms(row.now, rules_.delete_retention_ms);
  if (!due) return fail(due.error());
  if (!*due || **due > now_ms) return {};
  auto before = live_row(key, row);
  if (!before) return fail(std::move(before.error()));
  row.is_changed = true;
  row.shown = nullptr;
  if (!(*before)->value) {
    row.now.clear();
    return {};
  }
  const auto shown = read_latest(row.now);
  if (!shown) return fail(shown.error());
  hidden_.push_back({.key = std::string(key), .key_bytes = std::string(shown->key_bytes), .position = shown->position});
  if (auto replaced = replace_latest_value(row.now, hidden_value(**due)); !replaced) return replaced;
  if (!rules_.has_feed) return {};
  auto after = live_row(key, row);
  if (!after) return fail(std::move(after.error()));
  const Position cause = (*after)->position;
  changes_.push_back({.before = *std::move(before), .after = *std::move(after), .cause = cause, .is_expiry = true});
  return {};
}

Result<RowChange> RowChanges::stored(std::string_view key, Row& row) {
  const auto before =
      indexed(row.before ? std::string_view(*row.before) : std::string_view(), rules_.delete_retention_ms);
  if (!before) return fail(before.error());
  const auto after = indexed(row.now, rules_.delete_retention_ms);
  if (!after) return fail(after.error());
  RowChange change{.key = std::string(key), .row = std::nullopt, .live = 0, .indexes = {}};
  change.live = (after->is_live ? 1 : 0) - (before->is_live ? 1 : 0);
  duplicates_ += (after->has_duplicates ? 1 : 0) - (before->has_duplicates ? 1 : 0);
  const auto add_index = [&](size_t index, std::optional<std::string> from, std::optional<std::string> to) {
    if (from != to) change.indexes.push_back({.index = index, .before = std::move(from), .after = std::move(to)});
  };
  const auto value_of = [](const Indexed& row_values, size_t index) {
    return index < row_values.values.size() ? std::optional<std::string>(row_values.values[index]) : std::nullopt;
  };
  for (size_t i = 0; i < rules_.indexes; ++i) add_index(i, value_of(*before, i), value_of(*after, i));
  add_index(rules_.indexes, before->due_ms.transform(due_value), after->due_ms.transform(due_value));
  if (after->due_ms) next_due_ms_ = std::min(next_due_ms_.value_or(*after->due_ms), *after->due_ms);
  if (!row.now.empty()) change.row = std::move(row.now);
  return change;
}

Result<std::vector<RowChange>> RowChanges::take_rows() {
  std::vector<RowChange> changes;
  for (const std::string_view key : order_) {
    Row& row = rows_.at(key);
    if (!row.is_changed) continue;
    auto change = stored(key, row);
    if (!change) return fail(std::move(change.error()));
    changes.push_back(*std::move(change));
  }
  return changes;
}

}  // namespace omashu::table
