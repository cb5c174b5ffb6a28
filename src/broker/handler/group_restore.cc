// Groups as the last process left them in __consumer_offsets. What is not understood there is reported and left out:
// the rest is worth having.

#include <fmt/core.h>

#include "broker/handler/broker.h"
#include "broker/handler/group_service.h"
#include "broker/log/compression.h"
#include "broker/log/record.h"

namespace omashu::broker {
namespace {

constexpr uint32_t kReadBytes = 1 << 20;

class Restoration {
 public:
  explicit Restoration(GroupCoordinator& coordinator) : coordinator_(coordinator) {}

  // Errors are those of the disk.
  Result<void> read(PartitionLog& log) {
    const auto offsets = log.offsets();
    if (!offsets) return fail(offsets.error());
    std::string bytes;
    for (offset_ = offsets->log_start_offset; offset_ < offsets->log_end_offset;) {
      const ReadResult read = log.read(offset_, {.max_bytes = kReadBytes, .min_one_batch = true});
      if (read.error != KafkaError::kNone) return fail(ErrorCode::kIo, read.message);
      if (read.records.size_bytes == 0) break;  // compaction has left nothing from here on
      bytes.resize(read.records.size_bytes);
      if (auto loaded = read.records.file->read_all(read.records.position, bytes); !loaded) return loaded;
      const int64_t before = offset_;
      restore_batches(bytes);
      if (offset_ == before) return fail(ErrorCode::kCorrupt, fmt::format("offset {}: no record batch", offset_));
    }
    return {};
  }

  // One line; "" where everything was understood.
  std::string problem() const {
    if (problems_ == 0) return "";
    return fmt::format("{}-0: {} records were not understood; {}", Topic::kConsumerOffsets, problems_, first_problem_);
  }

 private:
  void restore_batches(std::string_view bytes) {
    while (const auto batch = RecordBatchView::parse(bytes)) {
      if (!batch->header.is_control()) restore_batch(*batch);
      offset_ = batch->header.next_offset();
      bytes.remove_prefix(batch->bytes.size());
    }
  }

  void restore_batch(const RecordBatchView& batch) {
    std::string buffer;
    const auto records = read_records(batch, buffer);
    if (!records) return add_problem(batch.header.base_offset, records.error().message);
    RecordReader reader(*records, batch.header.records_count);
    while (const RecordView* record = reader.next()) {
      if (!record->key) continue;
      const auto restored = coordinator_.restore(*record->key, record->value);
      if (!restored) add_problem(batch.header.offset_of(record->offset_delta), restored.error().message);
    }
    if (reader.is_corrupt()) add_problem(batch.header.base_offset, "a batch ends too early");
  }

  void add_problem(int64_t offset, const std::string& message) {
    if (problems_++ == 0) first_problem_ = fmt::format("at offset {}: {}", offset, message);
  }

  GroupCoordinator& coordinator_;
  int64_t offset_ = 0;
  size_t problems_ = 0;
  std::string first_problem_;
};

}  // namespace

Result<void> GroupService::restore() {
  const std::lock_guard lock(mutex_);
  if (const TopicPtr topic = broker_.topics().find(Topic::kConsumerOffsets)) {
    Restoration restoration(coordinator_);
    if (auto read = restoration.read(*topic->partitions.at(0)->log()); !read) {
      return fail(std::move(read.error()).within(fmt::format("{}-0", Topic::kConsumerOffsets)));
    }
    const std::string problem = restoration.problem();
    if (!problem.empty() && broker_.options().report) broker_.options().report(problem);
  }
  coordinator_.start(broker_.clock().steady_ms());
  set_timer();
  return {};
}

}  // namespace omashu::broker
