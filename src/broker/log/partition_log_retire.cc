#include <fmt/core.h>

#include "broker/log/partition_log.h"

namespace omashu::broker {

Result<void> PartitionLog::retire() {
  is_stopping_ = true;
  const Lock no_compaction(compaction_mutex_);
  const Lock no_maintenance(maintenance_mutex_);
  const Lock no_flush(flush_mutex_);
  const Lock lock(mutex_);
  state_ = State::kUnusable;
  failure_ = {ErrorCode::kNotFound, fmt::format("{} belongs to a topic that was deleted", folder_), std::nullopt};
  segments_.clear();
  const auto found = files_.file_system().list(folder_);
  if (!found) return found.error().code == ErrorCode::kNotFound ? Result<void>() : fail(found.error());
  for (const FileInfo& file : *found) files_.forget(fmt::format("{}/{}", folder_, file.name));
  return {};
}

}  // namespace omashu::broker
