#include "cli/diagnostics.h"

#include <unistd.h>

#include "cli/output/terminal.h"

namespace omashu::cli {

namespace {

constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kEraseLine = "\r\x1b[K";

// What comes from outside may hold anything: control characters (an escape sequence, a line feed) must neither steer
// the terminal nor break the line.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\r' || c == '\t') {
      out += ' ';
    } else if (byte < 0x20 || byte == 0x7f) {
      out += '?';
    } else {
      out += c;
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

void write_all(int file_descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file_descriptor, text.data(), text.size());
    if (written <= 0) return;  // there is nowhere left to complain to
    text.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

Diagnostics::Diagnostics(int file_descriptor, std::string program)
    : program_(std::move(program)),
      file_descriptor_(file_descriptor),
      is_terminal_(cli::is_terminal(file_descriptor)),
      is_redrawn_(may_redraw(file_descriptor)),
      is_coloured_(may_colour(file_descriptor)) {}

void Diagnostics::error(std::string_view message) { write_line(kRed, program_ + ": ", message); }

void Diagnostics::error(const Error& error) { this->error(error.message); }

void Diagnostics::warning(std::string_view message) { write_line(kYellow, program_ + ": warning: ", message); }

void Diagnostics::note(std::string_view message) { write_line("", program_ + ": ", message); }

void Diagnostics::plain(std::string_view line) { write_line("", "", line); }

void Diagnostics::write_line(std::string_view colour, const std::string& label, std::string_view message) {
  const MutexLock lock(mutex_);
  const bool coloured = is_coloured_ && !colour.empty();
  std::string line;
  if (!progress_.empty()) line += kEraseLine;
  if (coloured) line += colour;
  line.append(label).append(one_line(message));
  if (coloured) line += kReset;
  line += '\n';
  write_all(file_descriptor_, line + progress_);
}

void Diagnostics::progress(std::string_view text) {
  const MutexLock lock(mutex_);
  if (!is_redrawn_ || text == progress_) return;
  progress_ = text;
  write_all(file_descriptor_, std::string(kEraseLine) + progress_);
}

}  // namespace omashu::cli
