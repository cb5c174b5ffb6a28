// One process per data folder: the file `.lock` in it, locked for as long as the process lives, says who holds it.

#pragma once

#include <string>

#include "omashu/result.h"

namespace omashu {

class FolderLock {
 public:
  // kAlreadyExists where another process holds it: the message names that process.
  static Result<FolderLock> take(const std::string& folder);

  FolderLock(FolderLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}

  int fd_;
};

}  // namespace omashu
