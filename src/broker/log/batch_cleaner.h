// What compaction leaves of a batch.
//
// A record stays where it is the latest of its key. A tombstone that is the latest stays for a while, so that readers
// learn of it: the first compaction that meets it writes into its batch when it may go (the delete horizon). Records
// without a key go. What stays keeps its offset, its timestamp, and its place in its batch.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/offset.h"
#include "broker/log/offset_map.h"
#include "broker/log/record_batch.h"

namespace omashu::broker {

struct CleaningRules {
  const OffsetMap& latest_offsets;
  int64_t now_ms = 0;
  int64_t delete_retention_ms = 0;
  // Of the batches that stay, though empty: each producer's last, so that its sequence is found where the log has to be
  // read as a whole; the log's last, so that who reads to the log's end finds one.
  const std::unordered_set<Offset>& kept_last_offsets;
  // Of the record that stays though it be a tombstone: the log's last. Whoever restores a state from the log takes it
  // for a loss if no record is there up to the end.
  Offset newest_offset = kNoOffset;
};

// The bytes of the batch as it stays: its own, or those in `replacement`; nothing where nothing stays. Batches that
// cannot be read stay as they are.
std::optional<std::string_view> clean_batch(const RecordBatchView& batch, const CleaningRules& rules,
                                            std::string& replacement);

}  // namespace omashu::broker
