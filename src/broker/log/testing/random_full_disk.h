// Fills a MemoryFileSystem up at random: either it has room for so many more bytes, as a disk has, or it refuses some
// kinds of operations on some files, as file systems do that find out late that they are full.

#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "base/mutex.h"
#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {

class RandomFullDisk {
 public:
  explicit RandomFullDisk(MemoryFileSystem& disk) : disk_(disk) {}
  ~RandomFullDisk() { make_room(); }
  RandomFullDisk(const RandomFullDisk&) = delete;
  RandomFullDisk& operator=(const RandomFullDisk&) = delete;

  // How, is `random`'s choice.
  void fill(std::mt19937& random);
  void make_room();

  // Once a sync of a file was refused, what was not synced may be lost with the power, until it is written anew.
  bool has_refused_syncs() const EXCLUDES(mutex_);

  std::string description() const EXCLUDES(mutex_);

 private:
  using Operation = MemoryFileSystem::Operation;

  std::optional<Error> refuse(Operation operation, const std::string& path) EXCLUDES(mutex_);

  MemoryFileSystem& disk_;
  mutable Mutex mutex_;
  std::set<Operation> refused_ GUARDED_BY(mutex_);
  std::string part_of_path_ GUARDED_BY(mutex_);  // of the files that are refused; "" for all
  uint32_t one_in_ GUARDED_BY(mutex_) = 1;       // so many of these operations fails
  std::mt19937 random_ GUARDED_BY(mutex_);
  bool has_refused_syncs_ GUARDED_BY(mutex_) = false;
  std::string description_ GUARDED_BY(mutex_);
};

}  // namespace omashu::broker
