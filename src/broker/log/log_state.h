// The state of one partition's log, which the parts of the log work on: each of them has its own header and holds this
// by reference.
//
//   log_recovery.h      opening: what is in the folder, and what of it holds after a crash
//   log_appender.h      appending
//   active_segment.h    when the log takes a new segment
//   log_reader.h        reading by offset
//   log_time_search.h   looking for offsets by time
//   log_flusher.h       bringing bytes to the disk; recovery points
//   log_maintenance.h   retention, DeleteRecords, ageing
//   log_cleaner.h       compaction
//   log_mender.h        damage

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/offset.h"
#include "broker/log/log_checkpoint.h"
#include "broker/log/log_config.h"
#include "broker/log/open_files.h"
#include "broker/log/producer_states.h"
#include "broker/log/segment.h"
#include "broker/log/topic_id.h"
#include "omashu/result.h"

namespace omashu::broker {

// Says in one line what was lost of a log, and where.
using LogReport = std::function<void(const std::string& line)>;

struct LogState {
  enum class Phase : uint8_t {
    kUnopened,  // the folder has not been looked at
    kOpen,
    kReadOnly,  // the disk has failed: reading goes on, nothing is written any more
    kUnusable,  // damaged, closed, or of a topic that was deleted
  };

  LogState(OpenFiles& open_files, std::string log_folder, TopicId id, const LogConfig& log_config, LogReport log_report)
      : files(open_files),
        folder(std::move(log_folder)),
        topic_id(id),
        report(std::move(log_report)),
        config(log_config) {}
  LogState(const LogState&) = delete;
  LogState& operator=(const LogState&) = delete;

  // For the operations that begin from now on. Waits for none of those that are under way, as a recovery.
  void set_config(const LogConfig& config_to_come) EXCLUDES(new_config_mutex);
  void take_new_config() REQUIRES(mutex) EXCLUDES(new_config_mutex);

  // Opens the log where nobody has before, or where that has failed on a full disk. Each operation calls one of these
  // first; they call take_new_config().
  Result<void> open_if_needed() REQUIRES(mutex);
  Result<void> check_writable() REQUIRES(mutex);

  // Tells the operator, in one line. Called with the mutex held: whoever is told must not call into the log.
  void tell(const std::string& line) const {
    if (report) report(line);
  }

  void end_writing(const Error& reason) REQUIRES(mutex);
  void end_all(const Error& reason) REQUIRES(mutex);
  // Of a log whose files do not have the names that they should have, which opening it again sets right. On a full disk
  // whoever uses the log next tries that; after another error, only the next start does.
  void end_until_reopened(const Error& reason) REQUIRES(mutex);

  // The segment in which the offset is, or would be; 0 where there are no segments.
  size_t segment_of(Offset offset) const REQUIRES(mutex);
  Offset end_of_segment(size_t index) const REQUIRES(mutex);

  // Whether there may be gaps between the batches of a segment; never in the last one.
  bool may_be_compacted(size_t index) const REQUIRES(mutex);
  // Whether a segment may end before the next one begins, though nothing is lost.
  bool may_end_early(size_t index) const REQUIRES(mutex);

  LogCheckpoint checkpoint() const REQUIRES(mutex);

  OpenFiles& files;
  const std::string folder;
  const TopicId topic_id;
  const LogReport report;

  std::atomic<bool> is_stopping = false;          // ends a compaction that is under way
  std::atomic<bool> is_retiring = false;          // ends a recovery
  std::atomic<bool> is_open = false;              // phase is not kUnopened any more
  std::atomic<bool> is_checkpoint_noted = false;  // partition.metadata says that there is a log.checkpoint

  // Taken in this order. Only `mutex` guards members; the others keep long operations apart, which release `mutex`
  // while they work on the disk.
  Mutex compaction_mutex;   // held by whoever compacts
  Mutex maintenance_mutex;  // held by whoever removes or replaces segments or writes log.checkpoint
  Mutex flush_mutex;        // held by whoever syncs, so that nobody relies on a sync that is still under way
  Mutex mutex;

  Mutex new_config_mutex;  // taken last
  std::optional<LogConfig> new_config GUARDED_BY(new_config_mutex);
  std::atomic<bool> has_new_config = false;

  LogConfig config GUARDED_BY(mutex);
  Phase phase GUARDED_BY(mutex) = Phase::kUnopened;
  Error failure GUARDED_BY(mutex);                        // why it is kReadOnly or kUnusable
  std::optional<Error> append_failure GUARDED_BY(mutex);  // of the last append

  // By base offset; the last one is active. None before the first append.
  std::vector<std::shared_ptr<Segment>> segments GUARDED_BY(mutex);
  int64_t active_since_ms GUARDED_BY(mutex) =
      -1;  // when the active segment got its first batch; -1: not known, or none

  int64_t last_append_ms GUARDED_BY(mutex) = 0;

  Offset log_start_offset GUARDED_BY(mutex) = Offset{0};
  Offset log_end_offset GUARDED_BY(mutex) = Offset{0};
  Offset flushed_offset GUARDED_BY(mutex) = Offset{0};  // everything before it is on the disk
  Offset recovery_point GUARDED_BY(mutex) = Offset{0};  // the offset of the newest .snapshot
  uint64_t bytes_since_recovery_point GUARDED_BY(mutex) = 0;
  Offset first_dirty_offset GUARDED_BY(mutex) = Offset{0};  // compaction has seen everything before it
  Offset compacted_to GUARDED_BY(mutex) = Offset{0};        // log_checkpoint.h; on the disk before a compaction begins
  Offset open_ended_to GUARDED_BY(mutex) = Offset{0};
  std::optional<Error> compaction_failure GUARDED_BY(mutex);  // which no other attempt will mend
  bool must_rewrite_unsynced GUARDED_BY(mutex) = false;       // a full disk has refused a sync since flushed_offset
  bool is_folder_new GUARDED_BY(mutex) = false;               // since its parent was synced
  bool is_checkpoint_unsynced GUARDED_BY(mutex) = false;      // whoever wrote it may have been killed before its sync
  bool is_folder_unsynced GUARDED_BY(mutex) = false;          // files were made in it since it was synced
  ProducerStates producers GUARDED_BY(mutex);
};

}  // namespace omashu::broker
