// The two small files of a partition's folder: partition.metadata (partition_metadata.h), which says whose the folder
// is and whether there is a log.checkpoint, and log.checkpoint (log_checkpoint.h).
//
// log.checkpoint is on the disk before partition.metadata says that it was written. So where the one says so and the
// other is missing, it is lost.

#pragma once

#include "broker/log/log_folder.h"
#include "broker/log/log_state.h"
#include "broker/log/partition_metadata.h"

namespace omashu::broker {

// Fails where the folder belongs to another topic. What partition.metadata says of log.checkpoint; kUnknown where it is
// missing or damaged.
Result<PartitionMetadata::Checkpoint> check_topic_id(LogState& state) REQUIRES(state.mutex);

// Of a folder without segments: from now on it belongs to the topic.
Result<void> claim_folder(LogState& state) REQUIRES(state.mutex);

// Takes over what log.checkpoint says of compaction, or what it must be taken to say where it is missing, damaged, or
// of an earlier version: then every segment that compaction may have reached counts as compacted.
void take_compaction_from_checkpoint(LogState& state, const LogFolder& contents, PartitionMetadata::Checkpoint noted)
    REQUIRES(state.mutex);

// To be called once the log is recovered. Writes anew what is damaged, missing or of an earlier version of the two
// files, and reports a log.checkpoint that is lost.
Result<void> renew_partition_files(LogState& state, const LogFolder& contents, PartitionMetadata::Checkpoint noted)
    REQUIRES(state.mutex);

// Replaces log.checkpoint; it is on the disk afterwards, and partition.metadata says so.
Result<void> replace_checkpoint(LogState& state, const LogCheckpoint& checkpoint);

}  // namespace omashu::broker
