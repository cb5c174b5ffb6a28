#include "real/support/run_command.h"

#include <ostream>
#include <thread>

#include "real/support/process.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

CommandResult run_command(const std::vector<std::string>& command, const CommandOptions& options) {
  ScratchFolder folder;
  auto process = Process::start({.command = command,
                                 .environment = options.environment,
                                 .stdout_file = folder.path() / "stdout",
                                 .stderr_file = folder.path() / "stderr",
                                 .pipe_stdin = true});
  if (!process) return {.exit_code = 126, .out = "", .err = process.error().message};

  // A thread of its own: a program that does not read must not hold up the deadline. Ending the program ends the write;
  // that it did not want all of its input is no failure.
  std::thread writer([&] {
    (void)(*process)->write_input(options.input);
    (*process)->close_input();
  });
  CommandResult result;
  std::optional<int> exit_code = (*process)->wait(options.timeout);
  if (!exit_code) {
    result.timed_out = true;
    (*process)->signal(9);
    exit_code = (*process)->wait(std::chrono::milliseconds(-1));
  }
  writer.join();
  result.exit_code = *exit_code;
  result.out = (*process)->stdout_text();
  result.err = (*process)->stderr_text();
  return result;
}

void PrintTo(const CommandResult& result, std::ostream* out) {
  *out << "exit code " << result.exit_code << (result.timed_out ? " (killed at the deadline)" : "") << "\nstdout:\n"
       << result.out << "\nstderr:\n"
       << result.err;
}

}  // namespace omashu::real
