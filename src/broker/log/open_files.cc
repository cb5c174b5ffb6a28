#include "broker/log/open_files.h"

namespace omashu::broker {

Result<std::shared_ptr<File>> OpenFiles::open(const std::string& path, FileSystem::OpenMode mode) {
  std::shared_ptr<File> closed;  // after the lock is released: closing may take long
  const MutexLock lock(mutex_);
  if (const auto found = by_path_.find(path); found != by_path_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->file;
  }
  auto file = file_system_.open(path, mode);
  if (!file) return fail(file.error());
  entries_.push_front({path, *file});
  by_path_[entries_.front().path] = entries_.begin();
  if (entries_.size() > max_open_) {
    by_path_.erase(entries_.back().path);
    closed = std::move(entries_.back().file);
    entries_.pop_back();
  }
  return file;
}

void OpenFiles::forget(const std::string& path) {
  std::shared_ptr<File> closed;
  const MutexLock lock(mutex_);
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return;
  const auto entry = found->second;
  closed = std::move(entry->file);
  by_path_.erase(found);
  entries_.erase(entry);
}

void OpenFiles::forget_folder(const std::string& folder) {
  Entries closed;
  const MutexLock lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (folder_of(entry->path) == folder) {
      by_path_.erase(entry->path);
      closed.splice(closed.end(), entries_, entry);
    }
    entry = next;
  }
}

}  // namespace omashu::broker
