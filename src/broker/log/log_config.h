// The settings of a topic that its logs follow, with Kafka's names and defaults.

#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "broker/log/record_batch.h"

namespace omashu::broker {

enum class TimestampType : uint8_t { kCreateTime, kLogAppendTime };

struct LogConfig {
  bool is_compacted = false;  // cleanup.policy holds "compact"
  bool is_deleted = true;     // cleanup.policy holds "delete"
  TimestampType message_timestamp_type = TimestampType::kCreateTime;
  int64_t message_timestamp_before_max_ms = std::numeric_limits<int64_t>::max();  // a record may be as much older
  int64_t message_timestamp_after_max_ms = 3'600'000;                             // or newer than the broker's clock
  std::optional<Compression> compression_type = {};                               // nothing: as producers send
  std::optional<int> compression_level = {};                                      // of that codec
  int32_t max_message_bytes = 1'048'588;
  int32_t segment_bytes = 1 << 30;
  int32_t index_interval_bytes = 4096;
  int32_t segment_index_bytes = 10'485'760;
  int64_t flush_messages = std::numeric_limits<int64_t>::max();
  int64_t flush_ms = std::numeric_limits<int64_t>::max();
  int64_t segment_jitter_ms = 0;
  int64_t segment_ms = 604'800'000;
  int64_t retention_ms = 604'800'000;  // -1: for ever
  int64_t retention_bytes = -1;        // -1: no bound
  int64_t delete_retention_ms = 86'400'000;
  int64_t min_compaction_lag_ms = 0;
  int64_t max_compaction_lag_ms = std::numeric_limits<int64_t>::max();
  double min_cleanable_dirty_ratio = 0.5;
};

}  // namespace omashu::broker
