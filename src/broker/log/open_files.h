// The files that are open, at most so many: the least recently used are closed first. One instance serves all
// partitions of a broker, so that the number of partitions and of segments is not bounded by file descriptors.
//
// Whoever holds a file keeps it open beyond that, also after it was forgotten or removed: readers of an old segment are
// served to the end. Thread-safe.

#pragma once

#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/mutex.h"
#include "broker/log/file_system.h"
#include "omashu/result.h"

namespace omashu::broker {

class OpenFiles {
 public:
  OpenFiles(FileSystem& file_system, size_t max_open) : file_system_(file_system), max_open_(max_open) {}
  OpenFiles(const OpenFiles&) = delete;
  OpenFiles& operator=(const OpenFiles&) = delete;

  FileSystem& file_system() { return file_system_; }

  Result<std::shared_ptr<File>> open(const std::string& path, FileSystem::OpenMode mode);

  // To be called when the path names another file from now on, or none.
  void forget(const std::string& path);

  // The same for all files in a folder.
  void forget_folder(const std::string& folder);

 private:
  struct Entry {
    std::string path;
    std::shared_ptr<File> file;
  };
  using Entries = std::list<Entry>;

  FileSystem& file_system_;
  const size_t max_open_;

  Mutex mutex_;
  Entries entries_ GUARDED_BY(mutex_);  // the last used first
  std::unordered_map<std::string_view, Entries::iterator> by_path_ GUARDED_BY(mutex_);
};

}  // namespace omashu::broker
