#include "broker/log/partition_log.h"

#include <fmt/core.h>

namespace omashu::broker {

PartitionLog::PartitionLog(OpenFiles& files, std::string folder, TopicId topic_id, const LogConfig& config,
                           LogReport report)
    : state_(files, std::move(folder), topic_id, config, std::move(report)) {}

Result<void> PartitionLog::close() {
  state_.is_stopping = true;
  const MutexLock no_compaction(state_.compaction_mutex);
  const MutexLock no_maintenance(state_.maintenance_mutex);
  {
    const MutexLock lock(state_.mutex);
    // One that could not be opened has taken nothing that would have to come to the disk.
    if (state_.phase == LogState::Phase::kUnusable) return {};
  }
  auto done = flusher_.make_recovery_point();
  const MutexLock lock(state_.mutex);
  state_.end_all({ErrorCode::kUnavailable, fmt::format("{} is closed", state_.folder), std::nullopt});
  return done;
}

void PartitionLog::interrupt() {
  state_.is_stopping = true;
  state_.is_retiring = true;
}

void PartitionLog::retire() {
  interrupt();
  const MutexLock no_compaction(state_.compaction_mutex);
  const MutexLock no_maintenance(state_.maintenance_mutex);
  const MutexLock no_flush(state_.flush_mutex);
  const MutexLock lock(state_.mutex);
  state_.end_all(
      {ErrorCode::kNotFound, fmt::format("{} belongs to a topic that was deleted", state_.folder), std::nullopt});
  state_.segments.clear();
  state_.files.forget_folder(state_.folder);
}

}  // namespace omashu::broker
