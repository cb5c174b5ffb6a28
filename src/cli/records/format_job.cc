#include "cli/records/format_job.h"

namespace omashu::cli {

void FormatJob::run() {
  text_.clear();
  text_ends_.clear();
  errors_.clear();
  for (const kafka::Message& message : batch.messages()) {
    const size_t start = text_.size();
    const auto appended = formatter_.append(message, text_);
    if (!appended) errors_.emplace_back(text_ends_.size(), appended.error());
    text_ends_.push_back(text_.size());
    if (!appended && stops_at_error_ && text_.size() == start) return;
  }
}

}  // namespace omashu::cli
