// What a partition's log is asked for, and what it answers.

#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/offset.h"
#include "broker/log/file_system.h"
#include "broker/protocol/kafka_error.h"

namespace omashu::broker {

struct AppendOptions {
  int64_t now_ms = 0;
  int32_t leader_epoch = 0;
};

// Why one record of a batch is refused (KIP-467).
struct RecordError {
  int32_t batch_index = 0;  // of the record in its batch
  std::string message;

  bool operator==(const RecordError&) const = default;
};

inline constexpr int64_t kNoFlush = std::numeric_limits<int64_t>::max();

struct AppendResult {
  KafkaError error = KafkaError::kNone;
  std::string message;                          // for the client and the operator, where there is an error
  std::vector<RecordError> record_errors = {};  // those records that are to blame, where it is not the whole batch
  Offset base_offset = kNoOffset;
  Offset last_offset = kNoOffset;   // durable once flushed_offset() is above it
  int64_t log_append_time_ms = -1;  // where the topic has LogAppendTime
  Offset log_start_offset = kNoOffset;
  // The log is to be synced by then, because of flush.messages or flush.ms: 0 for at once, before the answer.
  int64_t flush_within_ms = kNoFlush;
  uint64_t size_bytes = 0;    // of the batch as it is stored
  bool is_duplicate = false;  // the offsets are those that the batch got when it came first
};

struct ReadOptions {
  uint32_t max_bytes = 0;
  bool min_one_batch = false;              // also where it is larger than max_bytes
  Offset upper_bound_offset = kMaxOffset;  // batches from this offset on are not read
  bool mends = true;                       // damage, which takes as long as writing a segment
};

// A part of a file, which stays readable as long as `file` is held. It starts with a batch, but may end within one.
struct FileSlice {
  std::shared_ptr<const File> file;
  uint64_t position = 0;
  uint32_t size_bytes = 0;
};

struct ReadResult {
  KafkaError error = KafkaError::kNone;
  std::string message;
  bool needs_mending = false;      // an error for whoever does not mend
  bool may_succeed_later = false;  // an error for want of memory or file descriptors
  FileSlice records;               // the first batch is that of the offset; empty at the end of the log
  Offset log_start_offset = kNoOffset;
  Offset high_watermark = kNoOffset;
};

struct DeleteRecordsResult {
  KafkaError error = KafkaError::kNone;
  std::string message;
  Offset low_watermark = kNoOffset;  // the log start offset afterwards
};

struct TimestampOffset {
  int64_t timestamp = -1;
  Offset offset = kNoOffset;
};

struct CompactionNeed {
  bool is_due = false;
  double dirty_ratio = 0;  // the dirtiest log comes first
};

struct CompactionOptions {
  int64_t now_ms = 0;
  size_t max_map_bytes = 16 << 20;
};

struct CompactionResult {
  bool is_complete = true;  // otherwise the map was full: what is left is done by another call
  uint64_t bytes_before = 0;
  uint64_t bytes_after = 0;
};

struct LogOffsets {
  Offset log_start_offset{0};
  Offset log_end_offset{0};  // the offset of the next record
};

}  // namespace omashu::broker
