// omashu, and init-kafka, which is the same program under another name.

#include <unistd.h>

#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/build_info.h"
#include "cli/crash_handler.h"
#include "cli/diagnostics.h"
#include "cli/output/output.h"
#include "cli/output/terminal.h"
#include "cli/stop_signal.h"

int main(int argc, char** argv) {
  using namespace omashu::cli;
  install_crash_handler(build_description());
  const StopSignal stop;
  Output out(STDOUT_FILENO, is_terminal(STDOUT_FILENO));
  const std::string program = argc > 0 ? argv[0] : "omashu";
  Diagnostics messages(STDERR_FILENO, speaker_of(program));
  Context context{.out = out, .messages = messages, .stop = stop};

  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  ExitCode exit_code = run_program(program, arguments, context);
  messages.clear_progress();
  if (const auto written = out.flush(); !written) {
    messages.error(written.error());
    exit_code = ExitCode::kFailed;
  }
  return static_cast<int>(exit_code);
}
