// A child process that does not outlive its owner: not its destructor, and not the end of the test program, however
// that comes (PR_SET_PDEATHSIG). Not thread-safe; start and use it on the main thread, whose end the signal is tied to.

#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "omashu/result.h"

namespace omashu::real {

struct ProcessOptions {
  std::vector<std::string> command = {};                              // looked up in PATH
  std::vector<std::pair<std::string, std::string>> environment = {};  // added to the caller's
  std::filesystem::path stdout_file = {};
  std::filesystem::path stderr_file = {};  // empty: with stdout
  bool pipe_stdin = false;                 // for write_input(); else /dev/null
};

class Process {
 public:
  static Result<std::unique_ptr<Process>> start(const ProcessOptions& options);
  ~Process();  // SIGKILL to its process group, and waits
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }

  // The exit code, or 128 + the signal as a shell has it; nothing while the process runs after `timeout`.
  std::optional<int> wait(std::chrono::milliseconds timeout);
  bool is_running() { return !wait(std::chrono::milliseconds(0)); }

  // To the process alone; no effect where it has ended.
  void signal(int number);

  // Both need pipe_stdin. A process that reads no more makes write_input fail.
  Result<void> write_input(const std::string& text);
  void close_input();

  std::string stdout_text() const;
  std::string stderr_text() const;

  // True as soon as stdout holds `text`; false when the time is up or the process ends without it.
  bool wait_for_stdout(const std::string& text, std::chrono::milliseconds timeout);
  bool wait_for_stderr(const std::string& text, std::chrono::milliseconds timeout);

 private:
  Process(pid_t pid, int pid_fd, int input_fd, ProcessOptions options);
  bool wait_for(const std::filesystem::path& file, const std::string& text, std::chrono::milliseconds timeout);

  pid_t pid_;
  int pid_fd_;
  int input_fd_;  // -1 where there is none
  ProcessOptions options_;
  std::optional<int> exit_code_;
};

std::string read_file(const std::filesystem::path& file);  // "" where there is none

}  // namespace omashu::real
