// The partitions' folders of topics that were deleted.
//
// A topic's folder is first renamed to TOPICID-INDEX-delete, which cannot be the name of a partition's folder
// (NAME-INDEX ends in a digit). From then on it belongs to nobody, whatever topics there are or will be, and its files
// are removed in the background or after the next start. Kafka does the same, with the topic's name in it; here the
// name, which may have 249 characters, could make it longer than a file name may be.
//
// Thread-safe.

#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "base/partition_id.h"
#include "broker/log/file_system.h"
#include "broker/log/topic_id.h"
#include "omashu/result.h"

namespace omashu::broker {

std::string deleted_folder_name(const TopicId& topic_id, PartitionId partition);
bool is_deleted_folder_name(std::string_view name);

class DeletedFolders {
 public:
  // `data_folder` is where they lie. The file system must outlive this.
  DeletedFolders(FileSystem& file_system, std::string data_folder)
      : file_system_(file_system), data_folder_(std::move(data_folder)) {}

  void add(std::string name);
  bool is_empty() const;

  // Removes them with the files in them, until `is_stopping` says so. What could not be removed is tried again by the
  // next call; the first error of those is returned. A folder within is not touched, and keeps the one around it.
  Result<void> remove_all(const std::function<bool()>& is_stopping);

 private:
  Result<void> remove(const std::string& path, const std::function<bool()>& is_stopping);

  FileSystem& file_system_;
  const std::string data_folder_;

  mutable Mutex mutex_;
  std::set<std::string> names_ GUARDED_BY(mutex_);
};

}  // namespace omashu::broker
