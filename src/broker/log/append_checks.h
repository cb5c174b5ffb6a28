// What a batch must be before it may be appended, as far as that can be told without the partition's state.
//
// The records are read where that costs little or where something depends on them: uncompressed batches always;
// compressed ones where the topic is compacted (each record needs a key), where it has a compression.type of its own,
// where message.timestamp.before.max.ms is set, and where the batch's own timestamps are out of range, to find the
// records that are to blame. Any other compressed
// batch is stored unread. Its max_timestamp is then the client's word, but a word within range: retention, segment.ms
// and the time index go by that field alone, so a false one cannot keep a segment longer than
// message.timestamp.after.max.ms allows. What the records inside say is seen only by those who read them. Unpacking
// each batch to look would cost more than all else that an append does: 140 us for 150 KB of records in lz4, where the
// checks of the stored bytes take 1 us.

#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "broker/log/log_config.h"
#include "broker/log/log_results.h"
#include "broker/log/record_batch.h"
#include "broker/protocol/kafka_error.h"

namespace omashu::broker {

struct AppendRefusal {
  KafkaError error = KafkaError::kNone;
  std::string message;
  std::vector<RecordError> record_errors = {};  // empty where the batch as a whole is refused
};

// A client can pack millions of wrong records into one batch; it is told of the first ones.
inline constexpr size_t kMaxRecordErrors = 10'000;

struct CheckedBatch {
  RecordBatchHeader header;  // of the form that is to be stored
  // The greatest timestamp of the records, -1 where they have none; the header's where the records were not read or
  // the topic has LogAppendTime.
  int64_t max_timestamp = -1;
  // The batch in the codec that compression.type asks for, where the client has sent another; empty otherwise.
  std::string recompressed = {};
};

// Exactly one batch is in `bytes`, whole, with the right CRC; it keeps to the limits of the topic; and as far as its
// records are read, their offsets are dense, their timestamps in range, and each has a key where the topic is
// compacted.
std::expected<CheckedBatch, AppendRefusal> check_batch(std::string_view bytes, const LogConfig& config, int64_t now_ms);

// Whether the check has to compress the batch anew, or to unpack more than a little: that takes milliseconds, and a
// thread that serves connections should leave it to another. Nothing in the bytes is believed.
bool is_slow_to_check(std::string_view bytes, const LogConfig& config);

}  // namespace omashu::broker
