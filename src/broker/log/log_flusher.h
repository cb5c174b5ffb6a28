// Bringing a partition's log to the disk.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/offset.h"
#include "broker/log/log_state.h"

namespace omashu::broker {

class LogFlusher {
 public:
  explicit LogFlusher(LogState& state) : state_(state) {}

  // Brings to the disk what has been appended, and gives the offset before which everything is there.
  Result<Offset> flush() EXCLUDES(state_.mutex);
  Offset flushed_offset() EXCLUDES(state_.mutex);

  // Lets the disk begin with what flush() will wait for.
  void start_flush() EXCLUDES(state_.mutex);

  // Flushes, and leaves a .snapshot at the log's end: recovery begins there.
  Result<void> make_recovery_point() EXCLUDES(state_.mutex);

 private:
  // Bytes of a .log that a sync was refused for: the system takes them for written.
  struct Rewrite {
    std::shared_ptr<File> file;
    uint64_t begin = 0;
    uint64_t end = 0;
  };
  // What has to be synced so that everything before end_offset is on the disk.
  struct Unsynced {
    Offset end_offset{0};
    std::vector<std::shared_ptr<File>> logs;
    std::vector<Rewrite> rewrites;  // to be done before
    bool is_folder_new = false;
    bool is_folder_unsynced = false;
  };
  // What has to be written besides, for a recovery point there.
  struct RecoveryPoint {
    std::vector<std::shared_ptr<File>> indexes;
    std::string snapshot;
    uint64_t bytes = 0;  // of the log since the last one
  };

  std::vector<std::shared_ptr<File>> unsynced_files() const REQUIRES(state_.mutex);
  Result<std::vector<Rewrite>> rewrites() REQUIRES(state_.mutex);
  Result<Unsynced> take_unsynced() REQUIRES(state_.mutex);
  Result<RecoveryPoint> recovery_point_now() REQUIRES(state_.mutex);
  Result<void> sync(const Unsynced& unsynced) REQUIRES(state_.flush_mutex) EXCLUDES(state_.mutex);
  static Result<void> rewrite(const Rewrite& bytes);
  Result<void> sync_files(const Unsynced& unsynced) REQUIRES(state_.flush_mutex) EXCLUDES(state_.mutex);

  LogState& state_;
};

}  // namespace omashu::broker
