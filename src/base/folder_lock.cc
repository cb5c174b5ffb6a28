#include "base/folder_lock.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace omashu {
namespace {

std::string holder(int fd) {
  char pid[24] = "";
  const ssize_t count = ::pread(fd, pid, sizeof pid - 1, 0);
  return count > 0 ? fmt::format("process {}", std::string(pid, static_cast<size_t>(count))) : "another process";
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder) {
  const std::string path = folder + "/.lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail(ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(errno)));
  FolderLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(errno)));
    return fail(ErrorCode::kAlreadyExists,
                fmt::format("{} is in use by {}: stop it, or name another folder", folder, holder(fd)));
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return fail(ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(errno)));
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace omashu
