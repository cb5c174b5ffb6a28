// Reading a partition's log by offset.
//
// What was written before the log was opened is verified, CRCs and offsets, when it is first read; what does not hold
// is mended (log_mender.h) before anything is answered. So the cost is one pass over what is old, and none over what is
// new.

#pragma once

#include <memory>
#include <optional>

#include "base/offset.h"
#include "broker/log/log_results.h"
#include "broker/log/log_state.h"

namespace omashu::broker {

class LogReader {
 public:
  explicit LogReader(LogState& state) : state_(state) {}

  ReadResult read(Offset offset, const ReadOptions& options) EXCLUDES(state_.maintenance_mutex, state_.mutex);

  Result<LogOffsets> offsets() EXCLUDES(state_.mutex);

  // See PartitionLog.
  Result<uint64_t> size_bytes() EXCLUDES(state_.mutex);
  Result<std::vector<ActiveProducer>> active_producers() EXCLUDES(state_.mutex);

 private:
  struct Unverified {
    std::shared_ptr<Segment> segment;
    uint64_t position = 0;
    uint64_t segment_bytes = 0;
    Offset end_offset{0};  // of the segment
  };
  struct Slice {
    FileSlice records;
    std::optional<Unverified> unverified;
  };

  Result<ReadResult> try_to_read(Offset offset, const ReadOptions& options) EXCLUDES(state_.mutex);
  Result<std::optional<Unverified>> look_up(Offset offset, const ReadOptions& options, ReadResult& result)
      EXCLUDES(state_.mutex);
  struct Place {
    size_t segment = 0;
    Segment::FoundBatch batch;
  };
  // The first batch that ends at or after the offset; nothing where there is none.
  Result<std::optional<Place>> find(Offset offset) REQUIRES(state_.mutex);
  // The first of these that has records, where there is one before `limit_offset`.
  Result<std::optional<Place>> find_records(Offset offset, Offset limit_offset) REQUIRES(state_.mutex);
  // The batches from there on, up to `limit_offset`; empty where there are none.
  Result<Slice> slice(Offset offset, Offset limit_offset, const ReadOptions& options) REQUIRES(state_.mutex);
  // kCorrupt where the batches that are whole in the slice do not hold.
  Result<void> verify(const FileSlice& slice, const Unverified& unverified) EXCLUDES(state_.mutex);

  LogState& state_;
};

}  // namespace omashu::broker
