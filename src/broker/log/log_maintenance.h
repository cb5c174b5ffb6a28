// What becomes old in a partition's log: segments, records, producers, the recovery point.

#pragma once

#include <cstdint>

#include "base/offset.h"
#include "broker/log/log_flusher.h"
#include "broker/log/log_results.h"
#include "broker/log/log_state.h"

namespace omashu::broker {

class LogMaintenance {
 public:
  LogMaintenance(LogState& state, LogFlusher& flusher) : state_(state), flusher_(flusher) {}

  // Mends what was found damaged, closes the active segment when its time has come, deletes segments by retention,
  // forgets silent producers, moves the recovery point forward.
  Result<void> maintain(int64_t now_ms) EXCLUDES(state_.maintenance_mutex, state_.mutex);

  // Deletes the records before the offset. When this returns, they do not come back.
  static constexpr Offset kToHighWatermark{-1};
  DeleteRecordsResult delete_records(Offset before_offset, int64_t now_ms)
      EXCLUDES(state_.maintenance_mutex, state_.mutex);

 private:
  // Whether a new recovery point is due afterwards.
  Result<bool> age(int64_t now_ms) REQUIRES(state_.maintenance_mutex) EXCLUDES(state_.mutex);
  // The end of the last segment that is too old or too much; the base of the first one where there is none.
  Result<Offset> retention_start(int64_t now_ms) REQUIRES(state_.mutex);
  // Brings to the disk what log.checkpoint says already.
  Result<void> sync_checkpoint() REQUIRES(state_.maintenance_mutex) EXCLUDES(state_.mutex);
  Result<void> remove_segments_before_start(int64_t now_ms) REQUIRES(state_.maintenance_mutex) EXCLUDES(state_.mutex);

  LogState& state_;
  LogFlusher& flusher_;
};

}  // namespace omashu::broker
