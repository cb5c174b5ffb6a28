#include "broker/log/log_flusher.h"

#include <fmt/core.h>

#include <utility>

#include "broker/log/batch_reader.h"
#include "broker/log/log_files.h"

namespace omashu::broker {

namespace {

constexpr size_t kRewriteChunkBytes = 256 << 10;

}  // namespace

Offset LogFlusher::flushed_offset() {
  const MutexLock lock(state_.mutex);
  return state_.open_if_needed() ? state_.flushed_offset : Offset{0};
}

Result<Offset> LogFlusher::flush() {
  const MutexLock one_at_a_time(state_.flush_mutex);
  MutexLock lock(state_.mutex);
  if (auto ready = state_.check_writable(); !ready) return fail(ready.error());
  if (state_.flushed_offset == state_.log_end_offset) return state_.flushed_offset;
  const auto unsynced = take_unsynced();
  if (!unsynced) return fail(unsynced.error());
  lock.unlock();
  if (auto done = sync(*unsynced); !done) return fail(done.error());
  return unsynced->end_offset;
}

void LogFlusher::start_flush() {
  MutexLock lock(state_.mutex);
  const auto files = unsynced_files();
  lock.unlock();
  for (const auto& file : files) file->start_sync();
}

Result<void> LogFlusher::make_recovery_point() {
  const MutexLock one_at_a_time(state_.flush_mutex);
  MutexLock lock(state_.mutex);
  if (auto ready = state_.check_writable(); !ready) return ready;
  if (state_.log_end_offset == state_.recovery_point) return {};
  const auto unsynced = take_unsynced();
  if (!unsynced) return fail(unsynced.error());
  const auto point = recovery_point_now();
  lock.unlock();
  if (auto done = sync(*unsynced); !done) return done;
  if (!point) return fail(point.error());
  for (const auto& index : point->indexes) {
    if (auto done = index->sync(); !done) return done;
  }
  FileSystem& file_system = state_.files.file_system();
  auto written = file_system.replace_file(snapshot_path(state_.folder, unsynced->end_offset), point->snapshot);
  if (!written) return written;
  lock.lock();
  const Offset previous = std::exchange(state_.recovery_point, unsynced->end_offset);
  state_.bytes_since_recovery_point -= point->bytes;
  lock.unlock();
  return file_system.remove_file(snapshot_path(state_.folder, previous));
}

std::vector<std::shared_ptr<File>> LogFlusher::unsynced_files() const {
  std::vector<std::shared_ptr<File>> files;
  for (const auto& segment : state_.segments) {
    if (segment->unsynced_file()) files.push_back(segment->unsynced_file());
  }
  return files;
}

Result<LogFlusher::Unsynced> LogFlusher::take_unsynced() {
  auto rewrites = state_.must_rewrite_unsynced ? this->rewrites() : std::vector<Rewrite>();
  if (!rewrites) return fail(rewrites.error());
  return Unsynced{.end_offset = state_.log_end_offset,
                  .logs = unsynced_files(),
                  .rewrites = *std::move(rewrites),
                  .is_folder_new = std::exchange(state_.is_folder_new, false),
                  .is_folder_unsynced = std::exchange(state_.is_folder_unsynced, false)};
}

// Everything that is not known to be on the disk.
Result<std::vector<LogFlusher::Rewrite>> LogFlusher::rewrites() {
  std::vector<Rewrite> rewrites;
  for (const auto& segment : state_.segments) {
    if (!segment->unsynced_file()) continue;
    uint64_t begin = 0;
    if (segment->base_offset() < state_.flushed_offset) {
      const auto first = segment->find(state_.flushed_offset);
      if (!first) return fail(first.error());
      begin = *first ? (*first)->position : segment->size_bytes();
    }
    rewrites.push_back({.file = segment->unsynced_file(), .begin = begin, .end = segment->size_bytes()});
  }
  return rewrites;
}

Result<LogFlusher::RecoveryPoint> LogFlusher::recovery_point_now() {
  RecoveryPoint point{.indexes = {}, .snapshot = state_.producers.encode(), .bytes = state_.bytes_since_recovery_point};
  for (size_t i = state_.segment_of(state_.recovery_point); i < state_.segments.size(); ++i) {
    Segment& segment = *state_.segments[i];
    for (SparseIndex* index : {&segment.offset_index(), &segment.time_index()}) {
      auto file = index->write();
      if (!file) return fail(file.error());
      if (*file) point.indexes.push_back(std::move(*file));
    }
  }
  return point;
}

Result<void> LogFlusher::sync(const Unsynced& unsynced) {
  auto done = sync_files(unsynced);
  const MutexLock lock(state_.mutex);
  if (!done && done.error().code == ErrorCode::kUnavailable) {
    state_.is_folder_new |= unsynced.is_folder_new;
    state_.is_folder_unsynced |= unsynced.is_folder_unsynced;
    // What the system could not write it may take for written: no later sync would speak for these bytes.
    state_.must_rewrite_unsynced = true;
    return done;
  }
  if (!done) {
    state_.end_writing(done.error());
    return done;
  }
  state_.must_rewrite_unsynced = false;
  state_.flushed_offset = unsynced.end_offset;
  for (size_t i = 0; i < state_.segments.size(); ++i) {
    if (state_.end_of_segment(i) <= unsynced.end_offset) state_.segments[i]->set_synced();
  }
  return {};
}

// Reads them from the system's memory, where they are unless it has dropped them.
Result<void> LogFlusher::rewrite(const Rewrite& bytes) {
  BatchReader reader(*bytes.file, bytes.begin, bytes.end, kRewriteChunkBytes);
  for (;;) {
    const auto batch = reader.batch();
    if (!batch) return fail(batch.error());
    if (!*batch) break;
    if (!(*batch)->has_valid_crc()) break;
    if (auto done = bytes.file->write_all(reader.position(), (*batch)->bytes); !done) return done;
    reader.skip((*batch)->header);
  }
  if (reader.is_at_end()) return {};
  return fail(ErrorCode::kIo, fmt::format("what was written from position {} on did not reach the disk, and cannot be "
                                          "read any more",
                                          reader.position()));
}

Result<void> LogFlusher::sync_files(const Unsynced& unsynced) {
  for (const Rewrite& bytes : unsynced.rewrites) {
    if (auto done = rewrite(bytes); !done) return done;
  }
  for (const auto& log : unsynced.logs) {
    if (auto done = log->sync(); !done) return done;
  }
  FileSystem& file_system = state_.files.file_system();
  if (unsynced.is_folder_unsynced) {
    if (auto done = file_system.sync_folder(state_.folder); !done) return done;
  }
  if (unsynced.is_folder_new) return file_system.sync_folder(folder_of(state_.folder));
  return {};
}

}  // namespace omashu::broker
