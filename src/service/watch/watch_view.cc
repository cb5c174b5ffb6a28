#include "service/watch/watch_view.h"

#include <utility>

#include "service/row_text.h"

namespace omashu::service {

WatchView::WatchView(std::shared_ptr<const WatchQuestion> question)
    : question_(std::move(question)),
      parts_(*question_->typed, question_->filter.asks_key(), question_->filter.asks_value()) {}

bool WatchView::matches(const table::LiveRow& row) {
  if (question_->filter.is_empty()) return true;
  return parts_.read(row) && question_->filter.matches(parts_.key(), parts_.value());
}

std::optional<table::Event> WatchView::event_of(const table::Change& change) {
  const bool was_shown = is_shown(change.before);
  if (!change.after->value) return was_shown ? std::optional(table::Event::kDelete) : std::nullopt;
  const bool is_now = is_shown(change.after);
  if (is_now) return was_shown ? table::Event::kUpdate : table::Event::kEnter;
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
