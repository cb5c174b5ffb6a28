// Groups as the last process left them in __consumer_offsets.

#include <fmt/format.h>

#include "broker/handler/broker.h"
#include "broker/handler/group_service.h"
#include "broker/log/compression.h"
#include "broker/log/record.h"

namespace omashu::broker {
namespace {

constexpr uint32_t kReadBytes = 1 << 20;

Result<void> restore_batch(GroupCoordinator& coordinator, const RecordBatchView& batch) {
  if (batch.header.is_control()) return {};
  std::string buffer;
  const auto records = read_records(batch, buffer);
  if (!records) return fail(records.error());
  RecordReader reader(*records, batch.header.records_count);
  while (const auto record = reader.next()) {
    if (!record->key) continue;
    if (auto restored = coordinator.restore(*record->key, record->value); !restored) return restored;
  }
  if (reader.is_corrupt()) return fail(ErrorCode::kCorrupt, "its records make no sense");
  return {};
}

// Restores what one read has brought, and gives the offset after it.
Result<int64_t> restore_batches(GroupCoordinator& coordinator, std::string_view bytes, int64_t offset) {
  while (const auto batch = RecordBatchView::parse(bytes)) {
    if (auto restored = restore_batch(coordinator, *batch); !restored) {
      return fail(std::move(restored.error()).within(fmt::format("offset {}", batch->header.base_offset)));
    }
    offset = batch->header.next_offset();
    bytes.remove_prefix(batch->bytes.size());
  }
  return offset;
}

}  // namespace

Result<void> GroupService::restore() {
  const std::lock_guard lock(mutex_);
  if (const TopicPtr topic = broker_.topics().find(Topic::kConsumerOffsets)) {
    if (auto restored = restore_log(*topic->partitions.at(0)->log()); !restored) {
      return fail(std::move(restored.error()).within(fmt::format("{}-0", Topic::kConsumerOffsets)));
    }
  }
  coordinator_.start(broker_.clock().steady_ms());
  set_timer();
  return {};
}

Result<void> GroupService::restore_log(PartitionLog& log) {
  const auto offsets = log.offsets();
  if (!offsets) return fail(offsets.error());
  std::string bytes;
  for (int64_t offset = offsets->log_start_offset; offset < offsets->log_end_offset;) {
    const ReadResult read = log.read(offset, {.max_bytes = kReadBytes, .min_one_batch = true});
    if (read.error != KafkaError::kNone) return fail(ErrorCode::kIo, read.message);
    if (read.records.size_bytes == 0) break;  // compaction has left nothing from here on
    bytes.resize(read.records.size_bytes);
    if (auto loaded = read.records.file->read_all(read.records.position, bytes); !loaded) return loaded;
    const auto next = restore_batches(coordinator_, bytes, offset);
    if (!next) return fail(next.error());
    if (*next == offset) return fail(ErrorCode::kCorrupt, fmt::format("offset {}: no record batch is there", offset));
    offset = *next;
  }
  return {};
}

}  // namespace omashu::broker
