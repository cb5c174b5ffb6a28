#include "cli/output/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace omashu::cli {

namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

size_t terminal_width(int file_descriptor) {
  winsize size = {};
  if (::ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  constexpr size_t kUsual = 80, kMax = 10'000;
  const std::string_view text = variable("COLUMNS");
  size_t columns = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), columns);
  return columns > 0 && columns < kMax ? columns : kUsual;
}

bool is_terminal(int file_descriptor) { return ::isatty(file_descriptor) == 1; }

bool may_redraw(int file_descriptor) { return is_terminal(file_descriptor) && variable("TERM") != "dumb"; }

bool may_colour(int file_descriptor) { return may_redraw(file_descriptor) && variable("NO_COLOR").empty(); }

}  // namespace omashu::cli
