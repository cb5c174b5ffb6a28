#include "cli/output/output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/output/terminal.h"

namespace omashu::cli {

namespace {
constexpr size_t kBuffer_bytes = 64 * 1024;
}

Output::Output(int file_descriptor, bool is_terminal) : file_descriptor_(file_descriptor), is_terminal_(is_terminal) {}

void Output::line(std::string_view text_of_line) {
  if (is_broken_) return;
  buffer_.append(text_of_line).push_back('\n');
  if (is_terminal_ || buffer_.size() >= kBuffer_bytes) (void)flush();
}

void Output::text(std::string_view text) {
  if (is_broken_) return;
  if (text.size() >= kBuffer_bytes) {
    (void)flush();
    return write(text);
  }
  buffer_.append(text);
  if (is_terminal_ || buffer_.size() >= kBuffer_bytes) (void)flush();
}

void Output::write(std::string_view rest) {
  while (!rest.empty() && !is_broken_) {
    const ssize_t written = ::write(file_descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      is_broken_ = true;
      if (errno != EPIPE) error_ = errno;
    }
  }
}

Result<void> Output::flush() {
  write(buffer_);
  buffer_.clear();
  if (error_ == 0) return {};
  return fail(ErrorCode::kIo, std::string("writing to standard output failed: ") + std::strerror(error_));
}

size_t Output::terminal_width() const { return is_terminal_ ? cli::terminal_width(file_descriptor_) : 0; }

bool Output::is_reader_gone() const {
  pollfd entry = {.fd = file_descriptor_, .events = 0, .revents = 0};
  return ::poll(&entry, 1, 0) > 0 && (entry.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace omashu::cli
