// The seam between the log and the disk: what the log asks of files and folders, and nothing else. real_file_system()
// is the machine's; tests put others in its place, which fail on demand or lose what was not synced.
//
// Errors: kNotFound where the file or folder is not there; kUnauthorized where the user may not; kUnavailable where
// trying again may help (no space left, no file descriptor left); kIo for all else. Both classes are thread-safe.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::broker {

class File {
 public:
  virtual ~File() = default;

  // As pread and pwrite: possibly less than was asked for. Reading gives 0 only at the end of the file.
  virtual Result<size_t> read_some(uint64_t position, std::span<char> into) const = 0;
  virtual Result<size_t> write_some(uint64_t position, std::string_view bytes) = 0;

  virtual Result<uint64_t> size_bytes() const = 0;
  virtual Result<void> truncate(uint64_t size_bytes) = 0;
  virtual Result<void> sync() = 0;  // the bytes and the size are on the disk afterwards
  virtual void start_sync() {}      // the disk may begin with what sync() will wait for; tells no errors

  virtual int native_fd() const = 0;  // for sendfile; -1 where there is none

  // All of the bytes, or an error; read_all gives kCorrupt where the file ends before.
  Result<void> read_all(uint64_t position, std::span<char> into) const;
  Result<void> write_all(uint64_t position, std::string_view bytes);
};

struct FileInfo {
  std::string name;
  uint64_t size_bytes = 0;
  int64_t modified_ms = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  enum class OpenMode { kExisting, kCreate };  // both for reading and writing; kCreate opens one that is there already
  virtual Result<std::shared_ptr<File>> open(const std::string& path, OpenMode mode) = 0;

  // Whether the name was new (or, for removing, there) does not matter.
  virtual Result<void> create_folder(const std::string& path) = 0;
  virtual Result<void> remove_file(const std::string& path) = 0;
  virtual Result<void> remove_folder(const std::string& path) = 0;  // an empty one

  // Replaces a file `to`. A folder takes what is in it along.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> sync_folder(const std::string& path) = 0;              // its entries are on the disk afterwards
  virtual Result<std::vector<FileInfo>> list(const std::string& folder) = 0;  // its files, in no order
  virtual Result<std::vector<std::string>> list_folders(const std::string& folder) = 0;  // the names of those in it

  // Through a new file that is renamed: `path` has the old bytes or the new ones, and once this has succeeded, the new
  // ones are on the disk. Where it fails, `path` may have the new ones all the same, for processes to come, until the
  // power is lost.
  Result<void> replace_file(const std::string& path, std::string_view bytes);
  // The same without the sync of the folder, which brings the new bytes to the disk: they are there exactly if this has
  // succeeded.
  Result<void> rename_into_place(const std::string& path, std::string_view bytes);
  Result<std::string> read_file(const std::string& path, uint64_t max_bytes);
};

FileSystem& real_file_system();

std::string folder_of(std::string_view path);  // in which a file or folder lies; "." for a name alone

}  // namespace omashu::broker
