// A FileSystem in memory that fails on demand, fills up, and loses power.
//
// It promises no more than POSIX and a journal do: the bytes of a file are durable after its sync, the names in a
// folder after the folder's. When power is lost, of what was not synced any sectors of a file may be there, in any
// order, and any number of the changes of names, in their order. A sync of a file that fails on demand is as bad as it
// may be: the system takes what it could not write for written, so that only what is written anew comes to the disk.

#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "broker/log/file_system.h"

namespace omashu::broker {

class MemoryFileSystem final : public FileSystem {
 public:
  enum class Operation {
    kOpen,
    kCreate,  // after kOpen, where the file is not there yet
    kRead,
    kWrite,
    kTruncate,
    kStartSync,
    kSync,
    kCreateFolder,
    kRemove,
    kRename,
    kSyncFolder,
    kList
  };
  // Asked before each operation, and free to do others; what it returns is the operation's failure.
  using Fault = std::function<std::optional<Error>(Operation operation, const std::string& path)>;

  void set_fault(Fault fault);
  void set_max_bytes_per_call(size_t bytes);  // of read_some and write_some
  void set_capacity_bytes(uint64_t bytes);    // of all files together
  uint64_t used_bytes() const EXCLUDES(mutex_);

  // After so many more operations that change something, all fail, as for a process that is gone; until the next of the
  // two functions below.
  void stop_after(int64_t changes);
  bool has_stopped() const;

  void kill_process();  // what was written is there
  void lose_power(std::mt19937& random);

  Result<std::shared_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<void> create_folder(const std::string& path) override;
  Result<void> remove_file(const std::string& path) override;
  Result<void> remove_folder(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> sync_folder(const std::string& path) override;
  Result<std::vector<FileInfo>> list(const std::string& folder) override;
  Result<std::vector<std::string>> list_folders(const std::string& folder) override;

 private:
  class OpenFile;
  struct Inode;
  using Names = std::map<std::string, std::shared_ptr<Inode>>;  // by path; folders have nullptr
  struct FolderRename {
    std::string from, to;
  };
  // Of the names in one folder, all at once; nothing: the name is gone.
  struct NameChange {
    std::string folder;
    std::vector<std::pair<std::string, std::optional<std::shared_ptr<Inode>>>> names;
    std::optional<FolderRename> renamed_folder = {};
  };

  std::optional<Error> begin(Operation operation, const std::string& path) EXCLUDES(mutex_);
  void change(NameChange change) REQUIRES(mutex_);
  static void apply(const NameChange& change, Names& names);
  static void apply(const FolderRename& rename, NameChange& change);
  uint64_t total_bytes() const REQUIRES(mutex_);

  mutable Mutex mutex_;  // guards the inodes, too
  Fault fault_ GUARDED_BY(mutex_);
  size_t max_bytes_per_call_ GUARDED_BY(mutex_) = std::numeric_limits<size_t>::max();
  uint64_t capacity_bytes_ GUARDED_BY(mutex_) = std::numeric_limits<uint64_t>::max();
  int64_t changes_left_ GUARDED_BY(mutex_) = std::numeric_limits<int64_t>::max();
  Names names_ GUARDED_BY(mutex_);
  Names durable_names_ GUARDED_BY(mutex_);
  std::vector<NameChange> unsynced_ GUARDED_BY(mutex_);
};

}  // namespace omashu::broker
