// What a batch must be before it may be appended, as far as it can be told without the partition's state.

#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "broker/log/log_config.h"
#include "broker/log/record_batch.h"
#include "broker/protocol/refusal.h"

namespace omashu::broker {

// Exactly one batch is in `bytes`, whole, with the right CRC; it keeps to the limits of the topic; its offsets are
// dense; each of its records has a key where the topic is compacted. Records are looked into unless they are compressed
// and the topic is not compacted.
std::expected<RecordBatchView, Refusal> check_batch(std::string_view bytes, const LogConfig& config);

}  // namespace omashu::broker
