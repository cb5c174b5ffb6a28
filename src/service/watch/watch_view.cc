#include "service/watch/watch_view.h"

#include <utility>

#include "service/row_text.h"

namespace omashu::service {

ChangeParts::ChangeParts(const WatchQuestion& question)
    : typed_(question.typed), before_(*typed_, question.filter), after_(*typed_, question.filter) {}

void ChangeParts::begin(const table::Change& change, table::ChangeFeed::Sequence number) {
  if (number_ == number) return;
  number_ = number;
  before_.row = change.before != nullptr && change.before->value ? change.before : nullptr;
  after_.row = change.after->value ? change.after : nullptr;
  before_.is_read = after_.is_read = false;
}

bool ChangeParts::is_shown(Side& side, const table::Filter& filter) {
  if (side.row == nullptr || filter.is_empty()) return side.row != nullptr;
  if (!std::exchange(side.is_read, true)) side.is_readable = side.parts.read(*side.row).has_value();
  return side.is_readable && filter.matches(side.parts.key(), side.parts.value());
}

WatchView::WatchView(std::shared_ptr<const WatchQuestion> question, std::shared_ptr<ChangeParts> parts)
    : question_(std::move(question)),
      change_(std::move(parts)),
      parts_(*question_->typed, question_->filter.asks_key(), question_->filter.asks_value()) {}

bool WatchView::matches(const table::LiveRow& row) {
  if (!selects(question_->partitions, row.position.partition)) return false;
  if (question_->filter.is_empty()) return true;
  return parts_.read(row) && question_->filter.matches(parts_.key(), parts_.value());
}

std::optional<table::Event> WatchView::event_of(const table::Change& change, table::ChangeFeed::Sequence number) {
  if (!selects(question_->partitions, change.after->position.partition)) return std::nullopt;
  change_->begin(change, number);
  const bool was_shown = change_->was_shown(question_->filter);
  if (!change.after->value) return was_shown ? std::optional(table::Event::kDelete) : std::nullopt;
  if (change_->is_shown_now(question_->filter)) return was_shown ? table::Event::kUpdate : table::Event::kEnter;
  return was_shown ? std::optional(table::Event::kLeave) : std::nullopt;
}

std::string WatchView::row_text(const table::LiveRow& row) const {
  std::string text;
  if (!row.value) {
    append_row(text, question_->topic, row, "null");
    return text;
  }
  const auto value = question_->typed->row_value(row.view());
  if (!value) {
    append_unreadable_row(text, question_->topic, row, value.error().message);
  } else if (question_->fields.is_everything()) {
    append_row(text, question_->topic, row, value->text);
  } else {
    append_row(text, question_->topic, row, question_->fields.of(value->text));
  }
  return text;
}

}  // namespace omashu::service
