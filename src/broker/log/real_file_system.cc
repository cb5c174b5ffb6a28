// The FileSystem of the machine: system calls, repeated where a signal cut them off.

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "broker/log/file_system.h"

namespace omashu::broker {

namespace {

std::unexpected<Error> system_error(std::string_view what, const std::string& path) {
  const int number = errno;
  const ErrorCode code = [number] {
    switch (number) {
      case ENOENT: return ErrorCode::kNotFound;
      case EACCES:
      case EPERM: return ErrorCode::kUnauthorized;
      case ENOSPC:
      case EDQUOT:
      case EFBIG:
      case EMFILE:
      case ENFILE:
      case ENOMEM: return ErrorCode::kUnavailable;
      default: return ErrorCode::kIo;
    }
  }();
  return fail(code, fmt::format("cannot {} {}: {}", what, path, std::strerror(number)));
}

template <class Call>
auto repeat(Call&& call) {
  decltype(call()) result;
  do result = call();
  while (result == -1 && errno == EINTR);
  return result;
}

class RealFile final : public File {
 public:
  RealFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~RealFile() override { ::close(fd_); }
  RealFile(const RealFile&) = delete;
  RealFile& operator=(const RealFile&) = delete;

  Result<size_t> read_some(uint64_t position, std::span<char> into) const override {
    const ssize_t count = repeat([&] { return ::pread(fd_, into.data(), into.size(), static_cast<off_t>(position)); });
    if (count < 0) return system_error("read", path_);
    return static_cast<size_t>(count);
  }

  Result<size_t> write_some(uint64_t position, std::string_view bytes) override {
    const ssize_t count =
        repeat([&] { return ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(position)); });
    if (count < 0) return system_error("write", path_);
    return static_cast<size_t>(count);
  }

  Result<uint64_t> size_bytes() const override {
    struct stat status;
    if (::fstat(fd_, &status) != 0) return system_error("look at", path_);
    return static_cast<uint64_t>(status.st_size);
  }

  Result<void> truncate(uint64_t size_bytes) override {
    if (repeat([&] { return ::ftruncate(fd_, static_cast<off_t>(size_bytes)); }) != 0) {
      return system_error("truncate", path_);
    }
    return {};
  }

  Result<void> sync() override {
    if (repeat([&] { return ::fdatasync(fd_); }) != 0) return system_error("sync", path_);
    return {};
  }

  void start_sync() override { (void)::sync_file_range(fd_, 0, 0, SYNC_FILE_RANGE_WRITE); }

  int native_fd() const override { return fd_; }

 private:
  const int fd_;
  const std::string path_;
};

class RealFileSystem final : public FileSystem {
 public:
  Result<std::shared_ptr<File>> open(const std::string& path, OpenMode mode) override {
    const int flags = O_RDWR | O_CLOEXEC | (mode == OpenMode::kCreate ? O_CREAT : 0);
    const int fd = repeat([&] { return ::open(path.c_str(), flags, 0644); });
    if (fd < 0) return system_error("open", path);
    return std::make_shared<RealFile>(fd, path);
  }

  Result<void> create_folder(const std::string& path) override {
    if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return system_error("create", path);
    return {};
  }

  Result<void> remove_file(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return system_error("remove", path);
    return {};
  }

  Result<void> remove_folder(const std::string& path) override {
    if (::rmdir(path.c_str()) != 0 && errno != ENOENT) return system_error("remove", path);
    return {};
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_error("rename", from);
    return {};
  }

  Result<void> sync_folder(const std::string& path) override {
    const int fd = repeat([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (fd < 0) return system_error("open", path);
    const RealFile folder(fd, path);
    if (repeat([&] { return ::fsync(fd); }) != 0) return system_error("sync", path);
    return {};
  }

  Result<std::vector<FileInfo>> list(const std::string& folder) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), &::closedir);
    if (!entries) return system_error("list", folder);
    std::vector<FileInfo> files;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(entries.get());
      if (entry == nullptr) {
        if (errno != 0) return system_error("list", folder);
        return files;
      }
      struct stat status;
      if (::fstatat(::dirfd(entries.get()), entry->d_name, &status, 0) != 0) {
        if (errno == ENOENT) continue;
        return system_error("look at", folder + "/" + entry->d_name);
      }
      if (!S_ISREG(status.st_mode)) continue;
      files.push_back({.name = entry->d_name,
                       .size_bytes = static_cast<uint64_t>(status.st_size),
                       .modified_ms = int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000});
    }
  }

  // Without a look at each entry: a data folder has thousands.
  Result<std::vector<std::string>> list_folders(const std::string& folder) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), &::closedir);
    if (!entries) return system_error("list", folder);
    std::vector<std::string> folders;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(entries.get());
      if (entry == nullptr) {
        if (errno != 0) return system_error("list", folder);
        return folders;
      }
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      bool is_folder = entry->d_type == DT_DIR;
      if (entry->d_type == DT_UNKNOWN) {  // a file system that does not tell
        struct stat status;
        is_folder = ::fstatat(::dirfd(entries.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                    S_ISDIR(status.st_mode);
      }
      if (is_folder) folders.emplace_back(name);
    }
  }
};

}  // namespace

FileSystem& real_file_system() {
  static RealFileSystem file_system;
  return file_system;
}

}  // namespace omashu::broker
