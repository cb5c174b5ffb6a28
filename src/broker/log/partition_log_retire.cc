#include <fmt/core.h>

#include "broker/log/partition_log.h"

namespace omashu::broker {

void PartitionLog::retire() {
  is_stopping_ = true;
  const Lock no_compaction(compaction_mutex_);
  const Lock no_maintenance(maintenance_mutex_);
  const Lock no_flush(flush_mutex_);
  const Lock lock(mutex_);
  state_ = State::kUnusable;
  failure_ = {ErrorCode::kNotFound, fmt::format("{} belongs to a topic that was deleted", folder_), std::nullopt};
  segments_.clear();
  is_open_ = true;  // nothing has to be read first
  files_.forget_folder(folder_);
}

}  // namespace omashu::broker
