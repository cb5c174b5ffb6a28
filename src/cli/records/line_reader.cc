#include "cli/records/line_reader.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "cli/stop_signal.h"

namespace omashu::cli {

namespace {
constexpr size_t kChunk_bytes = 256 * 1024;
constexpr size_t kLongestLine_bytes = size_t{64} << 20;
}  // namespace

Result<LineReader> LineReader::open(const std::string& path, const StopSignal& stop) {
  if (path == "-") return LineReader("standard input", STDIN_FILENO, stop);
  const int file_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_descriptor < 0) {
    return fail(ErrorCode::kIo, fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
  }
  return LineReader(path, file_descriptor, stop);
}

LineReader::LineReader(std::string name, int file_descriptor, const StopSignal& stop)
    : name_(std::move(name)), file_descriptor_(file_descriptor), stop_(stop) {
  struct stat status = {};
  if (::fstat(file_descriptor_, &status) == 0 && S_ISREG(status.st_mode)) bytes_total_ = status.st_size;
}

LineReader::LineReader(LineReader&& other) noexcept
    : name_(std::move(other.name_)),
      file_descriptor_(std::exchange(other.file_descriptor_, -1)),
      stop_(other.stop_),
      buffer_(std::move(other.buffer_)),
      start_(other.start_),
      scanned_(other.scanned_),
      is_at_end_(other.is_at_end_),
      number_(other.number_),
      bytes_read_(other.bytes_read_),
      bytes_total_(other.bytes_total_) {}

LineReader::~LineReader() {
  if (file_descriptor_ > STDERR_FILENO) ::close(file_descriptor_);
}

std::string LineReader::place() const { return fmt::format("{}:{}", name_, number_); }

bool LineReader::take_line() {
  size_t end = buffer_.find('\n', scanned_);
  scanned_ = buffer_.size();
  if (end == std::string::npos) {
    if (!is_at_end_ || start_ == buffer_.size()) return false;
    end = buffer_.size();  // the last line needs no line end
  }
  line_ = std::string_view(buffer_).substr(start_, end - start_);
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  if (number_ == 0 && line_.starts_with("\xef\xbb\xbf")) line_.remove_prefix(3);
  ++number_;
  start_ = std::min(end + 1, buffer_.size());
  scanned_ = start_;
  return true;
}

Result<LineReader::Outcome> LineReader::wait(std::chrono::milliseconds timeout) const {
  pollfd entries[2] = {{.fd = file_descriptor_, .events = POLLIN, .revents = 0},
                       {.fd = stop_.file_descriptor(), .events = POLLIN, .revents = 0}};
  const int ready = ::poll(entries, 2, timeout.count() < 0 ? -1 : static_cast<int>(timeout.count()));
  if (ready < 0 && errno != EINTR) {
    return fail(ErrorCode::kIo, fmt::format("{}: waiting failed: {}", name_, std::strerror(errno)));
  }
  if (stop_.is_requested()) return Outcome::kStopped;
  return ready > 0 ? Outcome::kLine : Outcome::kWaiting;
}

Result<void> LineReader::fill() {
  buffer_.erase(0, start_);
  scanned_ -= start_;
  start_ = 0;
  if (buffer_.size() > kLongestLine_bytes) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}:{}: the line is longer than {} MiB", name_, number_ + 1, kLongestLine_bytes >> 20));
  }
  const size_t before = buffer_.size();
  buffer_.resize(before + kChunk_bytes);
  ssize_t got = 0;
  do {
    got = ::read(file_descriptor_, buffer_.data() + before, kChunk_bytes);
  } while (got < 0 && errno == EINTR);
  buffer_.resize(before + static_cast<size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0) return fail(ErrorCode::kIo, fmt::format("{}: reading failed: {}", name_, std::strerror(errno)));
  is_at_end_ = got == 0;
  bytes_read_ += got;
  return {};
}

Result<LineReader::Outcome> LineReader::next(std::chrono::milliseconds timeout) {
  for (;;) {
    if (stop_.is_requested()) return Outcome::kStopped;
    if (take_line()) return Outcome::kLine;
    if (is_at_end_) return Outcome::kEnd;
    const auto waited = wait(timeout);
    if (!waited || *waited != Outcome::kLine) return waited;
    if (auto filled = fill(); !filled) return fail(std::move(filled.error()));
  }
}

}  // namespace omashu::cli
