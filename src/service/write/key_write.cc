#include "service/write/key_write.h"

#include <algorithm>
#include <utility>

#include "table/stored_value.h"

namespace omashu::service {

namespace {

bool is_own(const table::Change& change, std::span<const table::Position> positions) {
  return !change.is_expiry && std::ranges::find(positions, change.cause) != positions.end();
}

// How many of the changes came before the last of these records had its effect, that one included.
size_t changes_up_to(std::span<const table::Position> positions, std::span<const table::Change> changes) {
  for (size_t i = changes.size(); i > 0; --i) {
    if (is_own(changes[i - 1], positions)) return i;
  }
  // They changed nothing: they are tombstones, and the row was deleted already.
  const auto later = std::ranges::find_if(changes, [&](const table::Change& change) {
    return change.cause.partition == positions.front().partition && change.cause.offset > positions.front().offset;
  });
  return static_cast<size_t>(later - changes.begin());
}

}  // namespace

KeyWrite::Step KeyWrite::start(RowPtr row) {
  state_ = State::kDeciding;
  base_ = std::move(row);
  return Decide{base_};
}

KeyWrite::Step KeyWrite::on_decided(Decision decision) {
  if (!decision) {
    if (written_.empty()) return finish(std::unexpected(std::move(decision.error())));
    refusal_ = std::move(decision.error());
    return restore(base_);
  }
  if (*decision == written_) return finish(Written{*written_position_, base_});
  state_ = State::kWriting;
  return write(*std::move(decision), base_);
}

KeyWrite::Step KeyWrite::write(std::vector<NewRecord> records, const RowPtr& over) {
  written_ = std::move(records);
  return Write{written_, over == nullptr ? -1 : over->timestamp_ms};
}

KeyWrite::Step KeyWrite::restore(const RowPtr& row) {
  state_ = State::kRestoring;
  NewRecord record{.key = options_.key, .value = std::nullopt};
  if (is_there(row)) {
    const table::StoredValue stored = table::read_stored_value(*row->value);
    record.value.emplace(stored.payload);
    if (stored.schema_id_header) record.schema_id_header.emplace(*stored.schema_id_header);
  }
  std::vector<NewRecord> records;
  records.push_back(std::move(record));
  return write(std::move(records), row);
}

KeyWrite::Step KeyWrite::on_read_back(std::span<const table::Position> positions,
                                      std::span<const table::Change> changes) {
  const auto until_own = changes.first(changes_up_to(positions, changes));
  bool is_disturbed = false;
  RowPtr before = base_;
  if (written_position_) {
    // Behind what was written last, any change is another producer's; also one that deleted what was deleted already.
    for (const table::Change& change : until_own.subspan(std::min(seen_changes_, until_own.size()))) {
      if (is_own(change, positions)) continue;
      is_disturbed = true;
      before = change.after;
    }
  } else if (!options_.is_any_row_right) {
    before = row_before_first(positions, until_own);
    is_disturbed = !is_same_row(before, base_);
  }
  seen_changes_ = until_own.size();
  written_position_ = positions.front();

  if (!is_disturbed) {
    if (state_ == State::kRestoring) {
      state_ = State::kFinished;
      return Finish{std::unexpected(std::move(refusal_)), written_position_};
    }
    return finish(Written{*written_position_, base_});
  }
  if (++rounds_ > kMaxRounds) {
    return finish(refuse(ProblemType::kUnavailable,
                         "other producers write this key so often that no place between them was found"));
  }
  base_ = before;
  if (state_ == State::kRestoring) return restore(base_);
  state_ = State::kDeciding;
  return Decide{base_};
}

// The table's own account of what the first records replaced. Changes up to the one that made the base were there
// before it was looked up.
RowPtr KeyWrite::row_before_first(std::span<const table::Position> positions,
                                  std::span<const table::Change> until_own) const {
  const auto is_ours = [&](const table::Change& change) { return is_own(change, positions); };
  const auto first = std::ranges::find_if(until_own, is_ours);
  RowPtr row = first == until_own.end() ? base_ : first->before;
  // Several tombstones may have another record between them.
  for (auto change = first == until_own.end() ? until_own.begin() : first; change != until_own.end(); ++change) {
    if (is_ours(*change)) continue;
    const bool made_base = is_there(base_) && !change->is_expiry && change->after->position == base_->position;
    row = made_base ? base_ : change->after;
  }
  return row;
}

KeyWrite::Step KeyWrite::on_failed(Problem problem) { return finish(std::unexpected(std::move(problem))); }

KeyWrite::Step KeyWrite::finish(Answer<Written> result) {
  state_ = State::kFinished;
  return Finish{std::move(result)};
}

}  // namespace omashu::service
