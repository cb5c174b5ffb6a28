#include "table/live/tombstone_writer.h"

#include <chrono>
#include <optional>

namespace omashu::table {

Result<void> TombstoneWriter::write(const LiveTable& table, std::span<const HiddenRow> rows) {
  if (producer_ == nullptr) {
    auto opened = open_();
    if (!opened) return fail(std::move(opened.error()));
    producer_ = *std::move(opened);
  }
  std::optional<Error> failed;
  for (const HiddenRow& row : rows) {
    const auto found = table.find(row.key, Reach::kDisk);
    if (!found) return fail(found.error());
    if (found->state != RowState::kDeleted || found->row->position != row.position) continue;
    auto sent = producer_->send({.topic = table.topic(), .partition = row.position.partition, .key = row.key_bytes},
                                [&failed](const Result<kafka::RecordMetadata>& written) {
                                  if (!written && !failed) failed = written.error();
                                });
    if (!sent) return sent;
  }
  auto flushed = producer_->flush(std::chrono::seconds(30));
  if (!flushed) {
    producer_.reset();  // its callbacks end with this call
    return flushed;
  }
  if (failed) return fail(*std::move(failed));
  return {};
}

}  // namespace omashu::table
