#include "service/rows/list_question.h"

#include "service/row_text.h"

namespace omashu::service {

Result<void> append_row(std::string& out, const ListQuestion& question, const table::LiveRow& row) {
  const std::string& topic = question.table->topic();
  const auto value = question.typed->row_value(row.view());
  if (!value && value.error().code != ErrorCode::kCorrupt) return fail(value.error());
  if (!value) {
    append_unreadable_row(out, topic, row, value.error().message);
  } else if (question.query.fields.is_everything()) {
    append_row(out, topic, row, value->text);
  } else {
    append_row(out, topic, row, question.query.fields.of(value->text));
  }
  return {};
}

}  // namespace omashu::service
