#include "broker/log/partition_files.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::broker {

namespace {

using Checkpoint = PartitionMetadata::Checkpoint;

constexpr uint64_t kMaxMetadataBytes = 4096;

std::string metadata_path(const LogState& state) { return fmt::format("{}/{}", state.folder, kPartitionMetadataFile); }

// Not synced: a file that a power loss empties is written again.
Result<void> write_metadata(LogState& state, Checkpoint checkpoint) REQUIRES(state.mutex) {
  const auto file = state.files.file_system().open(metadata_path(state), FileSystem::OpenMode::kCreate);
  if (!file) return fail(file.error());
  if (auto done = (*file)->truncate(0); !done) return done;
  auto done = (*file)->write_all(0, partition_metadata_text({state.topic_id, checkpoint}));
  if (done) {
    state.is_checkpoint_noted = checkpoint == Checkpoint::kWritten;
  } else {
    (void)(*file)->truncate(0);  // a part of it would be taken for damage
  }
  return done;
}

bool is_checkpoint_lost(const LogFolder& contents, Checkpoint noted) {
  return contents.is_checkpoint_damaged || (!contents.checkpoint && noted == Checkpoint::kWritten);
}

// Compaction touches neither the active segment nor what follows the recovery point.
Offset furthest_compaction(const LogFolder& contents) {
  const Offset active = contents.logs.empty() ? Offset{0} : contents.logs.back().base_offset;
  return std::min(contents.newest_snapshot.value_or(kMaxOffset), active);
}

}  // namespace

Result<Checkpoint> check_topic_id(LogState& state) {
  const auto text = state.files.file_system().read_file(metadata_path(state), kMaxMetadataBytes);
  const auto metadata = text ? parse_partition_metadata(*text) : std::nullopt;
  if (!metadata) {
    // It may be missing, or empty, because it is not synced.
    if (text && !text->empty()) {
      state.tell(fmt::format("{} is damaged: it is written anew, as the topic's id is known", metadata_path(state)));
    }
    return Checkpoint::kUnknown;
  }
  if (metadata->topic_id != state.topic_id) {
    return fail(ErrorCode::kCorrupt, fmt::format("{} belongs to another topic of the same name, as {} says: move the "
                                                 "folder away",
                                                 state.folder, kPartitionMetadataFile));
  }
  state.is_checkpoint_noted = metadata->checkpoint == Checkpoint::kWritten;
  return metadata->checkpoint;
}

Result<void> claim_folder(LogState& state) {
  const auto noted = check_topic_id(state);
  if (!noted) return fail(noted.error());
  return *noted == Checkpoint::kUnknown ? write_metadata(state, Checkpoint::kNone) : Result<void>();
}

void take_compaction_from_checkpoint(LogState& state, const LogFolder& contents, Checkpoint noted) {
  const LogCheckpoint checkpoint = contents.checkpoint.value_or(LogCheckpoint{});
  state.first_dirty_offset = checkpoint.first_dirty_offset;
  if (checkpoint.compacted_to) {
    state.compacted_to = *checkpoint.compacted_to;
    state.open_ended_to = checkpoint.open_ended_to;
    return;
  }
  // Compaction begins behind a recovery point alone, and ends with a log.checkpoint.
  const bool may_be_compacted = noted != Checkpoint::kNone && contents.newest_snapshot;
  if (!contents.checkpoint && !is_checkpoint_lost(contents, noted) && !may_be_compacted) return;
  const bool may_reach_all = state.config.is_compacted || is_checkpoint_lost(contents, noted);
  state.compacted_to = may_reach_all ? furthest_compaction(contents) : checkpoint.first_dirty_offset;
  state.open_ended_to = state.compacted_to;
}

Result<void> renew_partition_files(LogState& state, const LogFolder& contents, Checkpoint noted) {
  if (is_checkpoint_lost(contents, noted)) {
    state.tell(
        fmt::format("{}/{} is {}: the log starts at its first segment, at offset {}, and records that were deleted "
                    "since may be there again; delete them again where they must not be read",
                    state.folder, kLogCheckpointFile, contents.is_checkpoint_damaged ? "damaged" : "missing",
                    state.log_start_offset));
    return replace_checkpoint(state, state.checkpoint());
  }
  const bool is_current =
      contents.checkpoint ? contents.checkpoint->compacted_to.has_value() : state.compacted_to == Offset{0};
  if (!is_current) return replace_checkpoint(state, state.checkpoint());
  if (!contents.checkpoint) {
    return noted == Checkpoint::kNone ? Result<void>() : write_metadata(state, Checkpoint::kNone);
  }
  if (noted == Checkpoint::kWritten) return {};
  // Whoever wrote it may have been killed before its name was on the disk.
  if (auto done = state.files.file_system().sync_folder(state.folder); !done) return done;
  return write_metadata(state, Checkpoint::kWritten);
}

Result<void> replace_checkpoint(LogState& state, const LogCheckpoint& checkpoint) {
  FileSystem& file_system = state.files.file_system();
  if (auto done = write_log_checkpoint(file_system, state.folder, checkpoint); !done) return done;
  if (state.is_checkpoint_noted) return {};
  auto done =
      file_system.replace_file(metadata_path(state), partition_metadata_text({state.topic_id, Checkpoint::kWritten}));
  if (done) state.is_checkpoint_noted = true;
  return done;
}

}  // namespace omashu::broker
