// Reading a partition's log by offset.

#pragma once

#include "broker/log/log_results.h"
#include "broker/log/log_state.h"

namespace omashu::broker {

class LogReader {
 public:
  explicit LogReader(LogState& state) : state_(state) {}

  ReadResult read(int64_t offset, const ReadOptions& options) EXCLUDES(state_.mutex);

  Result<LogOffsets> offsets() EXCLUDES(state_.mutex);

  // See PartitionLog.
  Result<uint64_t> size_bytes() EXCLUDES(state_.mutex);
  Result<std::vector<ActiveProducer>> active_producers() EXCLUDES(state_.mutex);

 private:
  // The batches from the one of the offset on, up to `limit_offset`; empty where there are none.
  Result<FileSlice> slice(int64_t offset, int64_t limit_offset, const ReadOptions& options) REQUIRES(state_.mutex);

  LogState& state_;
};

}  // namespace omashu::broker
