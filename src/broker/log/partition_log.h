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
// the next one may succeed; what a sync was refused for is written anew before the next. Any other error in writing
// ends appending until the log is opened again; reading goes on.
//
// Thread-safe. The work is done by the parts that log_state.h lists; no lock that appends or reads need is held while
// files are synced.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/offset.h"
#include "broker/log/log_appender.h"
#include "broker/log/log_cleaner.h"
#include "broker/log/log_flusher.h"
#include "broker/log/log_maintenance.h"
#include "broker/log/log_reader.h"
#include "broker/log/log_results.h"
#include "broker/log/log_state.h"
#include "broker/log/log_time_search.h"
#include "broker/log/open_files.h"
#include "omashu/result.h"

namespace omashu::broker {

class PartitionLog {
 public:
  // `folder`: of this log alone; its parent is there. Everything is kept by reference or by value; `files` must outlive
  // the log. `report` is told what of the log was found damaged and is lost, from any thread; it must not call back.
  PartitionLog(OpenFiles& files, std::string folder, TopicId topic_id, const LogConfig& config, LogReport report = {});
  PartitionLog(const PartitionLog&) = delete;
  PartitionLog& operator=(const PartitionLog&) = delete;

  // Appends one record batch. Its offsets and its leader epoch, and with LogAppendTime its timestamp, are written into
  // `batch`.
  AppendResult append(std::span<char> batch, const AppendOptions& options) { return appender_.append(batch, options); }

  // Whether the batch would take the processor long, because it has to be compressed anew, or unpacked.
  bool is_slow_to_append(std::string_view batch) { return appender_.is_slow_to_append(batch); }

  // Why the disk did not take the last append, until it takes one: for who watches over logs, not for who appends.
  Result<void> last_append() { return appender_.last_append(); }

  ReadResult read(Offset offset, const ReadOptions& options) { return reader_.read(offset, options); }

  // Whether nothing has to be recovered first: as long as it is not, every other call may take as long as that takes.
  bool is_open() const { return state_.is_open; }

  Result<LogOffsets> offsets() { return reader_.offsets(); }

  // Of all segments, as they are on the disk. Does not open the log.
  Result<uint64_t> size_bytes() { return reader_.size_bytes(); }

  // The producers whose batches would be recognized if they came again.
  Result<std::vector<ActiveProducer>> active_producers() { return reader_.active_producers(); }

  // Brings to the disk what has been appended, and gives the offset before which everything is there.
  Result<Offset> flush() { return flusher_.flush(); }
  Offset flushed_offset() { return flusher_.flushed_offset(); }
  // Lets the disk begin with what flush() will wait for, so that it works for several logs at once.
  void start_flush() { flusher_.start_flush(); }

  // The first record that is not older than the timestamp; nothing where all are.
  Result<std::optional<TimestampOffset>> offset_for_timestamp(int64_t timestamp) {
    return time_search_.offset_for_timestamp(timestamp);
  }
  // The first of the newest records; nothing where there is none that has a timestamp.
  Result<std::optional<TimestampOffset>> offset_of_max_timestamp() { return time_search_.offset_of_max_timestamp(); }

  // Deletes the records before the offset. When this returns, they do not come back.
  static constexpr Offset kToHighWatermark = LogMaintenance::kToHighWatermark;
  DeleteRecordsResult delete_records(Offset before_offset, int64_t now_ms) {
    return maintenance_.delete_records(before_offset, now_ms);
  }

  // To be called now and then, every few seconds: closes the active segment when its time has come, deletes segments by
  // retention, forgets silent producers, moves the recovery point forward.
  Result<void> maintain(int64_t now_ms) { return maintenance_.maintain(now_ms); }

  // Whether compaction has enough to do, by min.cleanable.dirty.ratio, or has to be done, by max.compaction.lag.ms.
  // Where it has failed over the log's own bytes, it is not to be tried again: then this is the error.
  Result<CompactionNeed> compaction_need(int64_t now_ms) { return cleaner_.compaction_need(now_ms); }

  // Keeps the latest record of each key in all segments but the active one and those within min.compaction.lag.ms.
  // Takes long, and is for a thread of its own: everything else goes on meanwhile. kCancelled where the log is closed
  // or retired; kNotFound where retention was faster. Whatever the error, the log is as it was, or compacted in part.
  Result<CompactionResult> compact(const CompactionOptions& options) { return cleaner_.compact(options); }

  // For what is called from now on; waits for nothing that is under way.
  void set_config(const LogConfig& config) { state_.set_config(config); }

  // Ends a compaction or a recovery that is under way, for a log that is retired next: whoever waits for it is told
  // kCancelled. Waits for nothing.
  void interrupt();

  // Of a topic that was deleted: from here on nothing is read or appended, and the folder may be moved or removed. What
  // was read before stays readable.
  void retire();

  // Ends a compaction, leaves everything on the disk and a recovery point at the end, so that nothing has to be read
  // when the log is opened again. The log must not be used any more.
  Result<void> close();

 private:
  LogState state_;
  LogAppender appender_{state_};
  LogReader reader_{state_};
  LogTimeSearch time_search_{state_};
  LogFlusher flusher_{state_};
  LogMaintenance maintenance_{state_, flusher_};
  LogCleaner cleaner_{state_, flusher_};
};

}  // namespace omashu::broker
