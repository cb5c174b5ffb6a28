#include "cli/confirmation.h"

#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <array>

#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/terminal.h"
#include "cli/stop_signal.h"

namespace omashu::cli {

namespace {

// A line from the terminal without its end; "" at the end of input or where the program is to stop.
std::string read_line(const StopSignal& stop) {
  std::array<pollfd, 2> sources = {pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                   pollfd{.fd = stop.file_descriptor(), .events = POLLIN, .revents = 0}};
  while (::poll(sources.data(), sources.size(), -1) < 0 && !stop.is_requested()) {
  }
  if (stop.is_requested()) return "";
  char buffer[1024];  // a terminal gives a line at a time
  const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
  std::string line(buffer, got > 0 ? static_cast<size_t>(got) : 0);
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

void Confirmation::declare(OptionParser& options) {
  options.flag("--yes", is_given, "delete without asking for the name once more");
}

Result<void> Confirmation::check() const {
  if (is_given || is_terminal(STDIN_FILENO)) return {};
  return fail(ErrorCode::kInvalidArgument, "nobody can be asked here whether to delete it: add --yes");
}

Result<void> Confirmation::ask(Context& context, std::span<const std::string> names,
                               std::string_view consequence) const {
  if (is_given) return {};
  for (const std::string& name : names) {
    context.messages.plain(fmt::format("type {} to delete {}:", name, consequence));
    if (read_line(context.stop) != name) {
      return fail(ErrorCode::kCancelled, fmt::format("that is not {}: nothing was deleted", name));
    }
  }
  return {};
}

}  // namespace omashu::cli
