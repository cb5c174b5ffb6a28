// Groups as the last process left them in __consumer_offsets, read while the broker serves everything else. What is
// damaged or not understood there is reported and left out: the rest is worth having. Where the log cannot be opened at
// all, no group is served until the next start, or until there is room if that is what it wants; everything else is
// served: groups that begin anew would read everything again, and commit over what they had.

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <utility>
#include <vector>

#include "broker/handler/broker.h"
#include "broker/handler/group_service.h"
#include "broker/log/compression.h"
#include "broker/log/record.h"

namespace omashu::broker {
namespace {

constexpr uint32_t kReadBytes = 1 << 20;

class Restoration {
 public:
  Restoration(GroupCoordinator& coordinator, const std::atomic<bool>& is_cancelled)
      : coordinator_(coordinator), is_cancelled_(is_cancelled) {}

  // Fails where the log cannot be opened. Where it is cancelled, some of the groups are missing.
  Result<void> read(PartitionLog& log) {
    const auto offsets = log.offsets();
    if (!offsets) return fail(offsets.error());
    end_offset_ = offsets->log_end_offset;
    for (offset_ = offsets->log_start_offset; offset_ < end_offset_ && !is_cancelled_;) {
      const Offset before = offset_;
      const auto bytes = read_some(log);
      if (!bytes) {
        add_problem(offset_, bytes.error().message);
        skip_unreadable(log);
        continue;
      }
      if (bytes->empty()) break;  // compaction has left nothing from here on
      restore_batches(*bytes);
      if (offset_ > before) continue;
      add_problem(offset_, "there is no record batch");
      skip_unreadable(log);
    }
    return {};
  }

  // One line; "" where everything was understood.
  std::string problem() const {
    if (problems_ == 0) return "";
    return fmt::format("{}-0: {} record{} left out: damaged or not understood; the first at offset {}",
                       Topic::kConsumerOffsets, problems_, problems_ == 1 ? " was" : "s were", first_problem_);
  }

 private:
  Result<std::string> read_some(PartitionLog& log) const {
    const ReadResult read = log.read(offset_, {.max_bytes = kReadBytes, .min_one_batch = true});
    if (read.error != KafkaError::kNone) return fail(ErrorCode::kIo, read.message);
    std::string bytes(read.records.size_bytes, '\0');
    if (bytes.empty()) return bytes;
    if (auto done = read.records.file->read_all(read.records.position, bytes); !done) return fail(done.error());
    return bytes;
  }

  // To the next offset at which there is a batch. The log's index leads to it, once the offset is beyond the damage.
  void skip_unreadable(PartitionLog& log) {
    while (++offset_ < end_offset_ && !is_cancelled_) {
      const auto bytes = read_some(log);
      if (bytes && (bytes->empty() || RecordBatchView::parse(*bytes))) return;
    }
  }

  void restore_batches(std::string_view bytes) {
    while (const auto batch = RecordBatchView::parse(bytes)) {
      const bool is_valid = batch->has_valid_crc();
      if (!is_valid) {
        add_problem(batch->header.base_offset, "the batch has another checksum");
      } else if (!batch->header.is_control()) {
        restore_batch(*batch);
      }
      // The checksum does not cover the base offset.
      offset_ = std::clamp(batch->header.next_offset(), offset_ + 1, end_offset_);
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

  void add_problem(Offset offset, const std::string& message) {
    if (problems_++ == 0) first_problem_ = fmt::format("{}: {}", offset, message);
  }

  GroupCoordinator& coordinator_;
  const std::atomic<bool>& is_cancelled_;
  Offset offset_{0};  // of what is read next
  Offset end_offset_{0};
  size_t problems_ = 0;
  std::string first_problem_;
};

}  // namespace

void GroupService::restore() {
  const TopicPtr topic = broker_.topics().find(Topic::kConsumerOffsets);
  if (topic == nullptr) {
    start();
    return end_restoring(KafkaError::kNone);
  }
  restore_in_background(topic->partitions.at(0)->log());
}

void GroupService::restore_in_background(const std::shared_ptr<PartitionLog>& log) {
  broker_.executor().post([this, log] {
    if (const auto error = restore_from(*log)) return end_restoring(*error);
    {
      const MutexLock lock(load_mutex_);
      waiting_for_room_ = log;
    }
    restored_.notify_all();
  });
}

std::optional<KafkaError> GroupService::restore_from(PartitionLog& log) {
  {
    const MutexLock lock(mutex_);
    Restoration restoration(coordinator_, is_restoring_cancelled_);
    const auto read = restoration.read(log);
    if (is_restoring_cancelled_) return KafkaError::kCoordinatorLoadInProgress;
    if (!read && read.error().code == ErrorCode::kUnavailable) {
      broker_.report_once(fmt::format("{}-0: {}: consumer groups are not served until it can be read",
                                      Topic::kConsumerOffsets, read.error().message));
      return std::nullopt;
    }
    if (!read) {
      broker_.report(
          fmt::format("{0}-0: {1}: consumer groups are not served; restore the folder {0}-0 from a copy, or "
                      "move it away to begin without groups, and start again",
                      Topic::kConsumerOffsets, read.error().message));
      return KafkaError::kCoordinatorNotAvailable;
    }
    if (const std::string problem = restoration.problem(); !problem.empty()) broker_.report(problem);
  }
  start();
  return KafkaError::kNone;
}

void GroupService::start() {
  const MutexLock lock(mutex_);
  coordinator_.start(broker_.clock().steady_ms());
  set_timer();
}

// Groups are served only once they have forgotten the topics that were deleted meanwhile: later, they would forget what
// is committed for a new topic of the same name.
void GroupService::end_restoring(KafkaError error) {
  while (!end_restoring_unless_topics_were_deleted(error)) {
  }
  restored_.notify_all();
}

bool GroupService::end_restoring_unless_topics_were_deleted(KafkaError error) {
  std::set<std::string> deleted;
  {
    const MutexLock lock(load_mutex_);
    deleted.swap(deleted_while_restoring_);
    if (deleted.empty() || error != KafkaError::kNone) {
      is_restored_ = true;
      error_ = error;
      return true;
    }
  }
  const std::vector<std::string_view> topics(deleted.begin(), deleted.end());
  handle_event([&](GroupCoordinator& groups, int64_t) { return groups.topics_deleted(topics); });
  return false;
}

void GroupService::wait_until_restored() {
  MutexLock lock(load_mutex_);
  while (!is_restored_ && waiting_for_room_ == nullptr) restored_.wait(lock);
}

}  // namespace omashu::broker
