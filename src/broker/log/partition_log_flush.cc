// Bringing a partition's log to the disk.

#include <fmt/core.h>

#include "broker/log/partition_log.h"

namespace omashu::broker {

// What has to be synced so that everything before end_offset is on the disk.
struct PartitionLog::Unsynced {
  int64_t end_offset = 0;
  std::vector<std::shared_ptr<File>> logs;
  bool is_folder_new = false;
  bool is_folder_unsynced = false;
};

// What has to be written besides, for a recovery point there.
struct PartitionLog::RecoveryPoint {
  std::vector<std::shared_ptr<File>> indexes;
  std::string snapshot;
  uint64_t bytes = 0;  // of the log since the last one
};

int64_t PartitionLog::flushed_offset() {
  const Lock lock(mutex_);
  return open_if_needed() ? flushed_offset_ : 0;
}

Result<int64_t> PartitionLog::flush() {
  const Lock one_at_a_time(flush_mutex_);
  Lock lock(mutex_);
  if (auto ready = check_writable(); !ready) return fail(ready.error());
  if (flushed_offset_ == log_end_offset_) return flushed_offset_;
  const Unsynced unsynced = unsynced_now();
  lock.unlock();
  if (auto done = sync(unsynced); !done) return fail(done.error());
  return unsynced.end_offset;
}

void PartitionLog::start_flush() {
  Lock lock(mutex_);
  const auto files = unsynced_files();
  lock.unlock();
  for (const auto& file : files) file->start_sync();
}

Result<void> PartitionLog::close() {
  is_stopping_ = true;
  const Lock no_compaction(compaction_mutex_);
  const Lock no_maintenance(maintenance_mutex_);
  auto done = make_recovery_point();
  const Lock lock(mutex_);
  state_ = State::kUnusable;
  failure_ = {ErrorCode::kUnavailable, fmt::format("{} is closed", folder_), std::nullopt};
  return done;
}

Result<void> PartitionLog::make_recovery_point() {
  const Lock one_at_a_time(flush_mutex_);
  Lock lock(mutex_);
  if (auto ready = check_writable(); !ready) return ready;
  if (log_end_offset_ == recovery_point_) return {};
  const Unsynced unsynced = unsynced_now();
  const auto point = recovery_point_now();
  lock.unlock();
  if (auto done = sync(unsynced); !done) return done;
  if (!point) return fail(point.error());
  for (const auto& index : point->indexes) {
    if (auto done = index->sync(); !done) return done;
  }
  FileSystem& file_system = files_.file_system();
  if (auto done = file_system.replace_file(snapshot_path(folder_, unsynced.end_offset), point->snapshot); !done)
    return done;
  lock.lock();
  const int64_t previous = std::exchange(recovery_point_, unsynced.end_offset);
  bytes_since_recovery_point_ -= point->bytes;
  lock.unlock();
  return file_system.remove_file(snapshot_path(folder_, previous));
}

std::vector<std::shared_ptr<File>> PartitionLog::unsynced_files() const {
  std::vector<std::shared_ptr<File>> files;
  for (const auto& segment : segments_) {
    if (segment->unsynced_file()) files.push_back(segment->unsynced_file());
  }
  return files;
}

PartitionLog::Unsynced PartitionLog::unsynced_now() {
  return {.end_offset = log_end_offset_,
          .logs = unsynced_files(),
          .is_folder_new = std::exchange(is_folder_new_, false),
          .is_folder_unsynced = std::exchange(is_folder_unsynced_, false)};
}

Result<PartitionLog::RecoveryPoint> PartitionLog::recovery_point_now() {
  RecoveryPoint point{.indexes = {}, .snapshot = producers_.encode(), .bytes = bytes_since_recovery_point_};
  for (size_t i = segment_of(recovery_point_); i < segments_.size(); ++i) {
    for (SparseIndex* index : {&segments_[i]->offset_index(), &segments_[i]->time_index()}) {
      auto file = index->write();
      if (!file) return fail(file.error());
      if (*file) point.indexes.push_back(std::move(*file));
    }
  }
  return point;
}

Result<void> PartitionLog::sync(const Unsynced& unsynced) {
  auto done = sync_files(unsynced);
  const Lock lock(mutex_);
  if (!done && done.error().code == ErrorCode::kUnavailable) {
    is_folder_new_ |= unsynced.is_folder_new;
    is_folder_unsynced_ |= unsynced.is_folder_unsynced;
    return done;
  }
  if (!done) {
    // What the system could not write it may forget: no later sync would speak for these bytes.
    state_ = State::kReadOnly;
    failure_ = done.error();
    return done;
  }
  flushed_offset_ = unsynced.end_offset;
  for (size_t i = 0; i < segments_.size(); ++i) {
    if (end_of_segment(i) <= unsynced.end_offset) segments_[i]->set_synced();
  }
  return {};
}

Result<void> PartitionLog::sync_files(const Unsynced& unsynced) {
  for (const auto& log : unsynced.logs) {
    if (auto done = log->sync(); !done) return fail(ErrorCode::kIo, done.error().message);
  }
  FileSystem& file_system = files_.file_system();
  if (unsynced.is_folder_unsynced) {
    if (auto done = file_system.sync_folder(folder_); !done) return done;
  }
  if (unsynced.is_folder_new) return file_system.sync_folder(folder_of(folder_));
  return {};
}

}  // namespace omashu::broker
