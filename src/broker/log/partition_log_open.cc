// Opening a partition's log: what is in its folder, and what of it holds after a stop that was not clean.

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/log_folder.h"
#include "broker/log/partition_log.h"

namespace omashu::broker {

namespace {

constexpr uint64_t kMostMetadataBytes = 4096;
constexpr uint64_t kMostSnapshotBytes = 64 << 20;

}  // namespace

Result<void> PartitionLog::open_if_needed() {
  if (state_ == State::kOpen || state_ == State::kReadOnly) return {};
  if (state_ == State::kUnusable) return fail(failure_);
  auto opened = open();
  if (opened) {
    state_ = State::kOpen;
    is_open_ = true;
    return {};
  }
  segments_.clear();
  producers_ = {};
  if (opened.error().code != ErrorCode::kUnavailable) {
    state_ = State::kUnusable;
    failure_ = opened.error();
    is_open_ = true;
  }
  return opened;
}

Result<void> PartitionLog::check_writable() {
  if (auto ready = open_if_needed(); !ready) return ready;
  if (state_ == State::kReadOnly) return fail(failure_);
  return {};
}

Result<void> PartitionLog::open() {
  const auto contents = LogFolder::look_into(files_.file_system(), folder_);
  if (!contents) return fail(contents.error());
  if (contents->logs.empty()) return {};
  if (auto done = check_topic_id(); !done) return done;
  for (const LogFolder::Log& log : contents->logs) {
    segments_.push_back(std::make_shared<Segment>(files_, segment_files(folder_, log.base_offset), log.base_offset,
                                                  log.size_bytes, log.modified_ms));
  }
  if (auto done = recover(load_snapshot(contents->newest_snapshot)); !done) return done;
  log_start_offset_ = std::max(segments_.front()->base_offset(), contents->checkpoint.log_start_offset);
  log_start_offset_ = std::min(log_start_offset_, log_end_offset_);
  first_dirty_offset_ = contents->checkpoint.first_dirty_offset;
  return {};
}

Result<void> PartitionLog::check_topic_id() {
  const std::string path = fmt::format("{}/{}", folder_, kPartitionMetadataFile);
  const auto text = files_.file_system().read_file(path, kMostMetadataBytes);
  const auto there = text ? parse_partition_metadata(*text) : std::nullopt;
  if (there == topic_id_) return {};
  if (there) {
    return fail(ErrorCode::kCorrupt, fmt::format("{} belongs to another topic of the same name, as {} says: move the "
                                                 "folder away",
                                                 folder_, kPartitionMetadataFile));
  }
  // Not there, or torn: it is not synced.
  const auto file = files_.file_system().open(path, FileSystem::OpenMode::kCreate);
  if (!file) return fail(file.error());
  return (*file)->write_all(0, partition_metadata_text(topic_id_));
}

// The recovery point that the snapshot is; nothing where it cannot be read.
std::optional<int64_t> PartitionLog::load_snapshot(std::optional<int64_t> offset) {
  if (!offset) return std::nullopt;
  const auto bytes = files_.file_system().read_file(snapshot_path(folder_, *offset), kMostSnapshotBytes);
  if (!bytes) return std::nullopt;
  auto producers = ProducerStates::decode(*bytes);
  if (!producers) return std::nullopt;
  producers_ = std::move(*producers);
  return offset;
}

// From the recovery point on, offsets are dense. Without one the whole log is read, and parts of it may be compacted.
Result<void> PartitionLog::recover(std::optional<int64_t> recovery_point) {
  const bool is_dense = recovery_point.has_value();
  int64_t next = std::max(recovery_point.value_or(0), segments_.front()->base_offset());
  recovery_point_ = flushed_offset_ = next;
  const auto fits = [&](int64_t offset) { return is_dense ? offset == next : offset >= next; };
  const auto accept = [&](const RecordBatchHeader& header) {
    if (!fits(header.base_offset)) return false;
    next = header.next_offset();
    bytes_since_recovery_point_ += header.size_bytes();
    if (header.has_producer()) producers_.update(header, -1);
    return true;
  };
  const size_t first = segment_of(next);
  for (size_t i = first; i < segments_.size(); ++i) {
    Segment& segment = *segments_[i];
    if (i > first) {
      segments_[i - 1]->seal();
      if (!fits(segment.base_offset())) {
        if (auto done = drop_segments_from(i); !done) return done;
        break;
      }
      next = segment.base_offset();
    }
    const auto is_whole = segment.recover(next, config_.index_interval_bytes, accept);
    if (!is_whole) return fail(is_whole.error());
    if (!*is_whole) {
      if (auto done = drop_segments_from(i + 1); !done) return done;
    }
  }
  log_end_offset_ = next;
  is_folder_unsynced_ = log_end_offset_ > recovery_point_;
  return {};
}

Result<void> PartitionLog::drop_segments_from(size_t first) {
  while (segments_.size() > first) {
    if (auto done = segments_.back()->remove_files(); !done) return done;
    segments_.pop_back();
  }
  return {};
}

}  // namespace omashu::broker
