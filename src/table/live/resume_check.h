// Whether the rows that a store has can be read on from, or must be made anew. Pure.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "kafka/consumer.h"
#include "table/store/table_store.h"

namespace omashu::table {

struct StoredProgress {
  NextOffsets next_offsets;
  std::optional<int64_t> current_at_ms;  // when the reader was last known to be there and reading
};

// Why, as a part of a sentence ("the log of partition 2 begins at …"); nothing where it can be read on from:
//   - records that were not read are gone: the log begins behind a position;
//   - what was read is gone: it ends before a position, or a partition is not there any more;
//   - it is older than delete.retention.ms, so that tombstones that were not read may be gone. Where nothing was
//     written since, nothing can be missing.
std::optional<std::string> why_rebuild(const StoredProgress& stored,
                                       const std::map<kafka::PartitionId, kafka::Watermarks>& log,
                                       int64_t delete_retention_ms, int64_t now_ms);

}  // namespace omashu::table
