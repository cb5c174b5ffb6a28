// When a partition's log takes a new segment.

#pragma once

#include <cstdint>

#include "broker/log/log_state.h"

namespace omashu::broker {

// Sees to it that the last segment can take the batch, whose offsets are final: makes the folder and the first segment,
// or another segment where the last one is full or old.
Result<void> prepare_active_segment(LogState& state, const RecordBatchHeader& header, int64_t now_ms)
    REQUIRES(state.mutex);

// Whether the last segment, which must be there, has records and has been written to for segment.ms.
Result<bool> is_active_segment_old(LogState& state, int64_t now_ms) REQUIRES(state.mutex);

// Begins a segment at the log's end. The last segment carries the log's end in its name, whatever becomes of those
// before it.
Result<void> add_segment(LogState& state, int64_t now_ms) REQUIRES(state.mutex);

}  // namespace omashu::broker
