// The ids of idempotent producers: none is ever given twice, also over restarts. They are taken from the disk in
// blocks, so that what is left of a block is lost when the process ends. Thread-safe.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/mutex.h"
#include "broker/log/file_system.h"
#include "broker/protocol/producer_id.h"
#include "omashu/result.h"

namespace omashu::broker {

class ProducerIds {
 public:
  using Report = std::function<void(const std::string&)>;

  // The file `producer_ids` in the data folder has the first id that no block has taken, in decimal, and a checksum
  // (text_checksum.h). It is first looked at when an id is asked for. Where it is damaged, which is reported, or not
  // there though there are partitions, the ids go on from one at random that is far beyond all that counting from 0
  // has come to.
  ProducerIds(FileSystem& file_system, std::string folder, Report report = {});

  Result<ProducerId> next();

 private:
  Result<void> take_block() REQUIRES(mutex_);
  Result<int64_t> first_without_file() const;

  FileSystem& file_system_;
  const std::string folder_;
  const std::string path_;
  const Report report_;

  Mutex mutex_;
  int64_t next_ GUARDED_BY(mutex_) = 0;
  int64_t block_end_ GUARDED_BY(mutex_) = 0;
};

}  // namespace omashu::broker
