#include "sink/file/file_sink.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "sink/file/record_line.h"

namespace omashu::sink {

namespace {

constexpr mode_t kMode = 0644;

// A disk that is full has room again some day; that nothing may be written here does not change by itself.
std::unexpected<Error> io_error(const std::string& what, const std::string& path) {
  const bool may_pass = errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EINTR;
  return fail(may_pass ? ErrorCode::kUnavailable : ErrorCode::kIo,
              fmt::format("{} {}: {}", what, path, std::strerror(errno)));
}

WriteFailure failure_of(Error error) {
  return error.code == ErrorCode::kUnavailable ? WriteFailure::try_again(std::move(error))
                                               : WriteFailure::stop(std::move(error));
}

// Closes a descriptor that is used in one function.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder;
}

Result<void> sync_folder(const std::string& path) {
  const std::string folder = folder_of(path);
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0 || ::fsync(descriptor.get()) != 0) return io_error("cannot sync", folder);
  return {};
}

}  // namespace

void FileSink::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

Result<void> FileSink::open() {
  if (file_ >= 0) return {};
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kMode);
  if (file < 0) return io_error("cannot open", path_);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    return fail(
        ErrorCode::kConflict,
        fmt::format("{} is being written by another process: each member of a group needs a file of its own", path_));
  }
  file_ = file;
  return sync_folder(path_);
}

// Reads how far the file is complete, and cuts off what lies behind.
Result<void> FileSink::restore() {
  const std::string path = path_ + ".positions";
  struct stat status{};
  if (::fstat(file_, &status) != 0) return io_error("cannot read", path_);
  FilePositions complete;
  const Descriptor positions(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (positions.get() < 0) {
    if (errno != ENOENT) return io_error("cannot read", path);
    if (status.st_size > 0) {
      return fail(ErrorCode::kAlreadyExists,
                  fmt::format("{} holds something, and there is no {}: it was written by something else. Name another "
                              "file",
                              path_, path));
    }
  } else {
    struct stat of_positions{};
    if (::fstat(positions.get(), &of_positions) != 0) return io_error("cannot read", path);
    std::string text(std::min(kMaxPositionsBytes, static_cast<size_t>(of_positions.st_size)), '\0');
    const ssize_t size = ::pread(positions.get(), text.data(), text.size(), 0);
    if (size < 0) return io_error("cannot read", path);
    text.resize(static_cast<size_t>(size));
    auto parsed = parse_file_positions(text);
    if (!parsed) return fail(std::move(parsed.error()).within(path));
    complete = *std::move(parsed);
  }
  if (status.st_size < complete.length) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("{} has {} bytes, and {} says that {} are complete: the file was cut. Remove both to write "
                            "it anew",
                            path_, status.st_size, path, complete.length));
  }
  if (::ftruncate(file_, complete.length) != 0 || ::lseek(file_, complete.length, SEEK_SET) < 0) {
    return io_error("cannot write", path_);
  }
  complete_ = std::move(complete);
  return {};
}

std::expected<Positions, WriteFailure> FileSink::begin(std::span<const kafka::TopicPartition> partitions,
                                                       const std::stop_token&) {
  auto ready = open();
  if (ready) ready = restore();
  if (!ready) return std::unexpected(failure_of(std::move(ready.error())));
  Positions known;
  for (const kafka::TopicPartition& place : partitions) {
    const auto found = complete_.positions.find(place);
    if (found != complete_.positions.end()) known.insert(*found);
  }
  return known;
}

WriteResult FileSink::write(const Batch& batch, Rejections& rejections, const std::stop_token&) {
  std::string lines;
  std::vector<Rejected> rejected;
  for (size_t i = 0; i < batch.records.size(); ++i) {
    auto appended = append_record_line(lines, batch.records[i]);
    if (!appended) rejected.push_back({i, std::move(appended.error())});
  }
  if (!rejected.empty()) {
    if (auto aside = rejections.set_aside(rejected); !aside) return aside;
  }
  FilePositions next = complete_;
  next.length += static_cast<int64_t>(lines.size());
  for (const auto& [place, position] : batch.next) next.positions[place] = position;
  auto done = append(lines);
  if (done) done = save(next);
  if (!done) return std::unexpected(failure_of(std::move(done.error())));
  complete_ = std::move(next);
  return {};
}

Result<void> FileSink::append(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (!write_all(file_, bytes) || ::fdatasync(file_) != 0) return io_error("cannot write", path_);
  return {};
}

Result<void> FileSink::save(const FilePositions& positions) {
  const std::string path = path_ + ".positions";
  const std::string fresh = path + ".new";
  {
    const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode));
    if (file.get() < 0 || !write_all(file.get(), to_text(positions)) || ::fdatasync(file.get()) != 0) {
      return io_error("cannot write", fresh);
    }
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return io_error("cannot replace", path);
  return sync_folder(path);
}

// Another member goes on behind what the group has committed; what stood here of the partitions says nothing by then.
void FileSink::end(std::span<const kafka::TopicPartition> partitions) {
  FilePositions left = complete_;
  for (const kafka::TopicPartition& place : partitions) left.positions.erase(place);
  if (left == complete_ || !save(left)) return;
  complete_ = std::move(left);
}

}  // namespace omashu::sink
