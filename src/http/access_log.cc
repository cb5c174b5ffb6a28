#include "http/access_log.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/json.h"
#include "base/thread_signals.h"
#include "base/utf8.h"

namespace omashu::http {

namespace {

constexpr size_t kMaxWaitingBytes = 8 << 20;
constexpr size_t kMaxPathBytes = 2048;

// What came from outside need not be UTF-8, but a line of JSON is.
void append_text(std::string& out, std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const size_t length = utf8_character_length(text);
    valid += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  json::append_quoted(out, valid);
}

std::string time_text(std::chrono::system_clock::time_point time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, ms % 1000);
}

void write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // the disk is full, or the reader of a pipe has gone: there is nobody to tell
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

std::string access_line(const AccessRecord& record) {
  std::string line = R"({"time":")" + time_text(record.time) + R"(","client":)";
  append_text(line, record.client);
  if (!record.user.empty()) {
    line += R"(,"user":)";
    append_text(line, record.user);
  }
  line += fmt::format(R"(,"method":"{}","path":)", record.method);
  append_text(line, record.path.substr(0, kMaxPathBytes));
  line += fmt::format(R"(,"status":{},"bytes":{},"ms":{:.3f}}})", record.status, record.bytes, record.ms);
  line += '\n';
  return line;
}

Result<std::unique_ptr<AccessLog>> AccessLog::open(const std::string& path) {
  const int file =
      path == "-" ? ::dup(STDOUT_FILENO) : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) {
    return fail(ErrorCode::kIo, fmt::format("the access log {} cannot be opened: {}", path, std::strerror(errno)));
  }
  return std::unique_ptr<AccessLog>(new AccessLog(file));
}

AccessLog::AccessLog(int file) : file_(file), thread_([this] { run(); }) {}

AccessLog::~AccessLog() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
  ::close(file_);
}

void AccessLog::add(const AccessRecord& record) {
  const std::string line = access_line(record);
  const MutexLock lock(mutex_);
  if (lines_.size() + line.size() > kMaxWaitingBytes) {
    ++dropped_;
    return;
  }
  if (lines_.empty()) changed_.notify_one();
  lines_ += line;
}

void AccessLog::run() {
  block_signals();
  MutexLock lock(mutex_);
  while (true) {
    while (!is_stopping_ && lines_.empty()) changed_.wait(lock);
    if (lines_.empty()) return;
    std::string lines = std::exchange(lines_, {});
    const uint64_t dropped = std::exchange(dropped_, 0);
    lock.unlock();
    if (dropped > 0) lines += fmt::format("{{\"dropped\":{}}}\n", dropped);
    write_all(file_, lines);
    lock.lock();
  }
}

}  // namespace omashu::http
