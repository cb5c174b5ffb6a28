// A disk in memory on which whoever touches a certain path is held up until the test lets it go on.

#pragma once

#include <optional>
#include <string>

#include "base/mutex.h"
#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {

class HeldUpDisk {
 public:
  HeldUpDisk() {
    disk_.set_fault([this](MemoryFileSystem::Operation, const std::string& path) {
      wait_if_held(path);
      return std::optional<Error>();
    });
  }
  ~HeldUpDisk() { let_go(); }

  FileSystem& file_system() { return disk_; }

  // From now on, operations on this path wait.
  void hold_up(std::string path) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    held_path_ = std::move(path);
  }

  // Until an operation on the path has come.
  void wait_until_reached() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (!is_reached_) changed_.wait(lock);
  }

  void let_go() EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      held_path_.reset();
    }
    changed_.notify_all();
  }

 private:
  void wait_if_held(const std::string& path) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (held_path_ == path) {
      is_reached_ = true;
      changed_.notify_all();
      changed_.wait(lock);
    }
  }

  MemoryFileSystem disk_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::optional<std::string> held_path_ GUARDED_BY(mutex_);
  bool is_reached_ GUARDED_BY(mutex_) = false;
};

}  // namespace omashu::broker
