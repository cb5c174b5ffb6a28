// ListOffsets: where partitions begin and end, and where a time is. Private to this folder.

#pragma once

#include <map>

#include "kafka/client_handle.h"
#include "kafka/types.h"

namespace omashu::kafka {

using OffsetQuery = std::map<TopicPartition, int64_t>;  // timestamps (ms), or kEarliestTimestamp and its like

// One answer for each partition; for a time after the last record it is kOffsetEnd (-1). `read_committed` ends a
// partition before its oldest open transaction.
std::map<TopicPartition, Result<ListedOffset>> list_offsets(ClientHandle& client, const OffsetQuery& query,
                                                            bool read_committed, Clock::time_point deadline);

}  // namespace omashu::kafka
