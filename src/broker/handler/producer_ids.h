// The ids of idempotent producers: none is ever given twice, also over restarts. They are taken from the disk in
// blocks, so that what is left of a block is lost when the process ends. Thread-safe.

#pragma once

#include <cstdint>
#include <string>

#include "base/mutex.h"
#include "broker/log/file_system.h"
#include "broker/protocol/producer_id.h"
#include "omashu/result.h"

namespace omashu::broker {

class ProducerIds {
 public:
  // The file `producer_ids` in the folder has the first id that no block has taken, in decimal. It is first looked at
  // when an id is asked for.
  ProducerIds(FileSystem& file_system, const std::string& folder);

  Result<ProducerId> next();

 private:
  Result<void> take_block() REQUIRES(mutex_);

  FileSystem& file_system_;
  const std::string path_;

  Mutex mutex_;
  int64_t next_ GUARDED_BY(mutex_) = 0;
  int64_t block_end_ GUARDED_BY(mutex_) = 0;
};

}  // namespace omashu::broker
