#include "cli/tables/table_job.h"

#include "table/stored_value.h"

namespace omashu::cli {

void TableJob::run() {
  bytes_.clear();
  kept_.clear();
  errors_.clear();
  for (size_t i = 0; i < batch.messages().size(); ++i) {
    const size_t start = bytes_.size();
    kept_.push_back({.message = i, .key_end = 0, .value_end = 0});
    const auto added = add(batch.messages()[i]);
    if (!added || !*added) {
      kept_.pop_back();
      bytes_.resize(start);
    }
    if (added) continue;
    errors_.emplace_back(i, added.error());
    if (added.error().code != ErrorCode::kCorrupt) return;
  }
}

// False where the record is of another key than the one that is asked for.
Result<bool> TableJob::add(const kafka::Message& message) {
  const auto key = topic_.read_key(message);
  if (!key) return fail(key.error());
  if (view_.key && *key != *view_.key) return false;
  bytes_ += *key;
  kept_.back().key_end = bytes_.size();
  if (message.value) {
    if (auto added = add_value(message); !added) return fail(std::move(added.error()));
  }
  kept_.back().value_end = bytes_.size();
  return true;
}

// The value is decoded also where its bytes are kept: one that does not decode must not take the place of one that
// does.
Result<void> TableJob::add_value(const kafka::Message& message) {
  const auto value = topic_.values().read(message, value_scratch_);
  if (!value) return fail(value.error());
  const bool needs_key = (view_.filter != nullptr && view_.filter->asks_key()) || view_.aggregation != nullptr;
  table::FilterPart key;
  if (needs_key) {
    const auto read = topic_.keys().read(message, key_scratch_);
    if (!read) return fail(read.error());
    key = *read;
  }
  table::StoredValue stored{.is_match = view_.filter == nullptr || view_.filter->matches(key, *value),
                            .is_as_written = value->json != nullptr && topic_.values().has_schema()};
  if (view_.aggregation != nullptr) {
    contribution_.clear();
    if (stored.is_match) view_.aggregation->append_contribution(key, *value, contribution_);
    stored.payload = contribution_;
  } else if (stored.is_match || view_.keeps_others) {
    stored.schema_id_header = table::schema_id_header(message, serde::RecordPart::kValue);
    stored.payload = *message.value;
  }
  table::append_stored_value(stored, bytes_);
  return {};
}

}  // namespace omashu::cli
