// The log of one partition: a row of segments in the folder of its own, the last of which is appended to.
//
// Files and folder are made at the first append. They are looked at when the log is first used, so that making a
// PartitionLog costs nothing, whatever it holds. After a stop that was not clean, what was appended since the last
// recovery point is then read, and cut where it is torn.
//
// Recovery point: the file OFFSET.snapshot, written once everything before OFFSET is on the disk. It holds the state of
// the idempotent producers at that offset.
//
// Records can be read once they are appended: on a single node, the high watermark is the log end offset. flush() says
// which of them are on the disk.
//
// Errors of the disk: where there is no space left (or no file descriptor), an append fails and leaves no trace, and
// the next one may succeed. Any other error in writing ends appending until the log is opened again; reading goes on.
//
// Thread-safe: one mutex guards all state, and is not held while files are synced: appends and reads go on meanwhile.

#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "broker/log/append_checks.h"
#include "broker/log/compaction.h"
#include "broker/log/log_checkpoint.h"
#include "broker/log/log_config.h"
#include "broker/log/open_files.h"
#include "broker/log/partition_metadata.h"
#include "broker/log/producer_states.h"
#include "broker/log/segment.h"
#include "broker/protocol/kafka_error.h"
#include "omashu/result.h"

namespace omashu::broker {

struct AppendOptions {
  int64_t now_ms = 0;
  int32_t leader_epoch = 0;
};

struct AppendResult {
  KafkaError error = KafkaError::kNone;
  std::string message;  // for the client and the operator, where there is an error
  int64_t base_offset = -1;
  int64_t last_offset = -1;         // durable once flushed_offset() is above it
  int64_t log_append_time_ms = -1;  // where the topic has LogAppendTime
  int64_t log_start_offset = -1;
  bool is_duplicate = false;  // the offsets are those that the batch got when it came first
};

struct ReadOptions {
  uint32_t max_bytes = 0;
  bool min_one_batch = false;                                        // also where it is larger than max_bytes
  int64_t upper_bound_offset = std::numeric_limits<int64_t>::max();  // batches from this offset on are not read
};

// A part of a file, which stays readable as long as `file` is held. It starts with a batch, but may end within one.
struct FileSlice {
  std::shared_ptr<const File> file;
  uint64_t position = 0;
  uint32_t size_bytes = 0;
};

struct ReadResult {
  KafkaError error = KafkaError::kNone;
  std::string message;
  FileSlice records;  // the first batch is that of the offset; empty at the end of the log
  int64_t log_start_offset = -1;
  int64_t high_watermark = -1;
};

struct DeleteRecordsResult {
  KafkaError error = KafkaError::kNone;
  std::string message;
  int64_t low_watermark = -1;  // the log start offset afterwards
};

struct TimestampOffset {
  int64_t timestamp = -1;
  int64_t offset = -1;
};

struct CompactionNeed {
  bool is_due = false;
  double dirty_ratio = 0;  // the dirtiest log comes first
};

struct CompactionOptions {
  int64_t now_ms = 0;
  size_t most_map_bytes = 16 << 20;
};

struct CompactionResult {
  bool is_complete = true;  // otherwise the map was full: what is left is done by another call
  uint64_t bytes_before = 0;
  uint64_t bytes_after = 0;
};

struct LogOffsets {
  int64_t log_start_offset = 0;
  int64_t log_end_offset = 0;  // the offset of the next record
};

class PartitionLog {
 public:
  // `folder`: of this log alone; its parent is there. Everything is kept by reference or by value; `files` must outlive
  // the log.
  PartitionLog(OpenFiles& files, std::string folder, TopicId topic_id, const LogConfig& config);
  PartitionLog(const PartitionLog&) = delete;
  PartitionLog& operator=(const PartitionLog&) = delete;

  // Appends one record batch. Its offsets and its leader epoch, and with LogAppendTime its timestamp, are written into
  // `batch`.
  AppendResult append(std::span<char> batch, const AppendOptions& options);

  // Why the disk did not take the last append, until it takes one: for who watches over logs, not for who appends.
  Result<void> last_append();

  ReadResult read(int64_t offset, const ReadOptions& options);

  // Whether nothing has to be recovered first: as long as it is not, every other call may take as long as that takes.
  bool is_open() const { return is_open_; }

  Result<LogOffsets> offsets();

  // Brings to the disk what has been appended, and gives the offset before which everything is there.
  Result<int64_t> flush();
  int64_t flushed_offset();
  // Lets the disk begin with what flush() will wait for, so that it works for several logs at once.
  void start_flush();

  // The first record that is not older than the timestamp; nothing where all are.
  Result<std::optional<TimestampOffset>> offset_for_timestamp(int64_t timestamp);
  // The first of the newest records; nothing where there is none that has a timestamp.
  Result<std::optional<TimestampOffset>> offset_of_max_timestamp();

  // Deletes the records before the offset. When this returns, they do not come back.
  static constexpr int64_t kToHighWatermark = -1;
  DeleteRecordsResult delete_records(int64_t before_offset, int64_t now_ms);

  // To be called now and then, every few seconds: closes the active segment when its time has come, deletes segments by
  // retention, forgets silent producers, moves the recovery point forward.
  Result<void> maintain(int64_t now_ms);

  // Whether compaction has enough to do, by min.cleanable.dirty.ratio, or has to be done, by max.compaction.lag.ms.
  // Where it has failed over the log's own bytes, it is not to be tried again: then this is the error.
  Result<CompactionNeed> compaction_need(int64_t now_ms);

  // Keeps the latest record of each key in all segments but the active one and those within min.compaction.lag.ms.
  // Takes long, and is for a thread of its own: everything else goes on meanwhile. kCancelled where the log is closed
  // or retired; kNotFound where retention was faster. Whatever the error, the log is as it was, or compacted in part.
  Result<CompactionResult> compact(const CompactionOptions& options);

  void set_config(const LogConfig& config);

  // Of a topic that was deleted: from here on nothing is read or appended, and the folder may be moved or removed. What
  // was read before stays readable.
  void retire();

  // Ends a compaction, leaves everything on the disk and a recovery point at the end, so that nothing has to be read
  // when the log is opened again. The log must not be used any more.
  Result<void> close();

 private:
  enum class State { kUnopened, kOpen, kReadOnly, kUnusable };
  struct Unsynced;
  struct RecoveryPoint;
  struct SearchRange;
  struct CompactionPlan;
  using Lock = std::unique_lock<std::mutex>;

  // The private functions are called with mutex_ held, but those under "without the mutex".

  // partition_log_open.cc
  Result<void> open_if_needed();
  Result<void> check_writable();
  Result<void> open();
  Result<void> check_topic_id();
  std::optional<int64_t> load_snapshot(std::optional<int64_t> offset);
  Result<void> recover(std::optional<int64_t> recovery_point);
  Result<void> drop_segments_from(size_t first);

  // partition_log_append.cc
  std::optional<AppendResult> answer_producer(const RecordBatchHeader& header) const;
  Result<void> prepare_active_segment(const RecordBatchHeader& header, int64_t now_ms);
  bool has_room_for(const RecordBatchHeader& header) const;
  Result<bool> is_active_old(int64_t now_ms);
  Result<void> add_segment(int64_t now_ms);
  AppendResult storage_error(Error error);

  Result<FileSlice> slice(int64_t offset, int64_t limit_offset, const ReadOptions& options);
  size_t segment_of(int64_t offset) const;
  int64_t end_of_segment(size_t index) const;

  // partition_log_flush.cc
  std::vector<std::shared_ptr<File>> unsynced_files() const;
  Unsynced unsynced_now();
  Result<RecoveryPoint> recovery_point_now();
  // Without the mutex:
  Result<void> make_recovery_point();
  Result<void> sync(const Unsynced& unsynced);  // with flush_mutex_
  Result<void> sync_files(const Unsynced& unsynced);

  // partition_log_maintain.cc
  Result<int64_t> retention_start(int64_t now_ms);
  // Without the mutex, with maintenance_mutex_:
  Result<bool> age(int64_t now_ms);
  Result<void> remove_segments_before_start(int64_t now_ms);
  Result<void> write_checkpoint(const LogCheckpoint& checkpoint);

  // partition_log_compact.cc
  Result<CompactionPlan> plan_compaction(int64_t now_ms);
  // Without the mutex:
  Result<CompactionResult> compact(const CompactionPlan& plan, const CompactionOptions& options);
  Result<void> replace_segments(std::span<const SealedSegment> group, const Compaction::Rewritten& by);
  Result<void> check_still_there(std::span<const SealedSegment> group);
  Result<void> take_over(std::span<const SealedSegment> group, uint64_t size_bytes);
  Result<void> set_first_dirty_offset(int64_t offset);
  void remove_cleaned_files(std::span<const SealedSegment> group);

  // partition_log_times.cc
  // Without the mutex:
  Result<std::optional<SearchRange>> search_range(int64_t timestamp, int64_t from_offset);

  OpenFiles& files_;
  const std::string folder_;
  const TopicId topic_id_;

  std::atomic<bool> is_stopping_ = false;  // ends a compaction that is under way
  std::atomic<bool> is_open_ = false;      // state_ is not kUnopened any more

  // Taken in this order.
  std::mutex compaction_mutex_;   // held by compact()
  std::mutex maintenance_mutex_;  // held by who removes or replaces segments or writes log.checkpoint
  std::mutex flush_mutex_;        // held by who syncs, so that nobody relies on a sync that is still under way
  std::mutex mutex_;              // guards all below
  LogConfig config_;
  State state_ = State::kUnopened;
  Error failure_;                                   // why it is kReadOnly or kUnusable
  std::optional<Error> append_failure_;             // of the last append
  std::vector<std::shared_ptr<Segment>> segments_;  // by base offset, the last one active; none before the first append
  int64_t active_since_ms_ = -1;  // when the active segment got its first batch; -1: not known, or it has none
  int64_t log_start_offset_ = 0;
  int64_t first_dirty_offset_ = 0;           // compaction has seen everything before it
  std::optional<Error> compaction_failure_;  // what no other attempt will mend
  int64_t log_end_offset_ = 0;
  int64_t flushed_offset_ = 0;
  int64_t recovery_point_ = 0;
  uint64_t bytes_since_recovery_point_ = 0;
  bool is_folder_new_ = false;       // since its parent was synced
  bool is_folder_unsynced_ = false;  // files were made in it since it was synced
  ProducerStates producers_;
};

}  // namespace omashu::broker
