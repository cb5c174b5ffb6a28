#include "broker/log/log_recovery.h"

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/log_files.h"
#include "broker/log/log_folder.h"
#include "broker/log/partition_metadata.h"

namespace omashu::broker {

namespace {

constexpr uint64_t kMaxMetadataBytes = 4096;
constexpr uint64_t kMaxSnapshotBytes = 64 << 20;

// The recovery point that the snapshot is; nothing where it cannot be read.
std::optional<int64_t> load_snapshot(LogState& state, std::optional<int64_t> offset) REQUIRES(state.mutex) {
  if (!offset) return std::nullopt;
  const auto bytes = state.files.file_system().read_file(snapshot_path(state.folder, *offset), kMaxSnapshotBytes);
  if (!bytes) return std::nullopt;
  auto producers = ProducerStates::decode(*bytes);
  if (!producers) return std::nullopt;
  state.producers = std::move(*producers);
  return offset;
}

Result<void> drop_segments_from(LogState& state, size_t first) REQUIRES(state.mutex) {
  while (state.segments.size() > first) {
    if (auto done = state.segments.back()->remove_files(); !done) return done;
    state.segments.pop_back();
  }
  return {};
}

// From the recovery point on, offsets are dense. Without one the whole log is read, and parts of it may be compacted.
Result<void> recover(LogState& state, std::optional<int64_t> recovery_point) REQUIRES(state.mutex) {
  const bool is_dense = recovery_point.has_value();
  int64_t next = std::max(recovery_point.value_or(0), state.segments.front()->base_offset());
  state.recovery_point = state.flushed_offset = next;
  const auto fits = [&](int64_t offset) { return is_dense ? offset == next : offset >= next; };
  const auto accept = [&](const RecordBatchHeader& header) REQUIRES(state.mutex) {
    if (!fits(header.base_offset)) return false;
    next = header.next_offset();
    state.bytes_since_recovery_point += header.size_bytes();
    if (header.has_producer()) state.producers.update(header, -1);
    return true;
  };
  const size_t first = state.segment_of(next);
  for (size_t i = first; i < state.segments.size(); ++i) {
    Segment& segment = *state.segments[i];
    if (i > first) {
      state.segments[i - 1]->seal();
      if (!fits(segment.base_offset())) {
        if (auto done = drop_segments_from(state, i); !done) return done;
        break;
      }
      next = segment.base_offset();
    }
    const auto is_whole = segment.recover(next, state.config.index_interval_bytes, accept);
    if (!is_whole) return fail(is_whole.error());
    if (!*is_whole) {
      if (auto done = drop_segments_from(state, i + 1); !done) return done;
    }
  }
  state.log_end_offset = next;
  // An empty segment may be newer than the last sync of the folder, though no record is.
  state.is_folder_unsynced = state.log_end_offset > state.recovery_point || state.segments.back()->size_bytes() == 0;
  return {};
}

}  // namespace

Result<void> open_log(LogState& state) {
  const auto contents = LogFolder::look_into(state.files.file_system(), state.folder);
  if (!contents) return fail(contents.error());
  if (contents->logs.empty()) return {};
  if (auto done = check_topic_id(state); !done) return done;
  for (const LogFolder::Log& log : contents->logs) {
    state.segments.push_back(std::make_shared<Segment>(state.files, segment_files(state.folder, log.base_offset),
                                                       log.base_offset, log.size_bytes, log.modified_ms));
  }
  if (auto done = recover(state, load_snapshot(state, contents->newest_snapshot)); !done) return done;
  state.log_start_offset = std::max(state.segments.front()->base_offset(), contents->checkpoint.log_start_offset);
  state.log_start_offset = std::min(state.log_start_offset, state.log_end_offset);
  state.first_dirty_offset = contents->checkpoint.first_dirty_offset;
  // Only a recovery point tells that whoever made the folder had the time to sync its parent, too.
  state.is_folder_new = !contents->newest_snapshot;
  return {};
}

Result<void> check_topic_id(LogState& state) {
  const std::string path = fmt::format("{}/{}", state.folder, kPartitionMetadataFile);
  const auto text = state.files.file_system().read_file(path, kMaxMetadataBytes);
  const auto there = text ? parse_partition_metadata(*text) : std::nullopt;
  if (there == state.topic_id) return {};
  if (there) {
    return fail(ErrorCode::kCorrupt, fmt::format("{} belongs to another topic of the same name, as {} says: move the "
                                                 "folder away",
                                                 state.folder, kPartitionMetadataFile));
  }
  // Not there, or torn: it is not synced.
  const auto file = state.files.file_system().open(path, FileSystem::OpenMode::kCreate);
  if (!file) return fail(file.error());
  return (*file)->write_all(0, partition_metadata_text(state.topic_id));
}

}  // namespace omashu::broker
