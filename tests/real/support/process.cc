#include "real/support/process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How often a question is asked again for which the kernel has no event.
constexpr milliseconds kAskAgain{10};

std::string system_error() { return std::strerror(errno); }

milliseconds time_left(steady_clock::time_point deadline) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(deadline - steady_clock::now()));
}

// glibc 2.36 declares pidfd_open without C linkage.
int open_pid(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

// argv or envp: pointers into `strings`, and a null at the end.
std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string_view existing = *entry;
    bool replaced = std::ranges::any_of(added, [&](const auto& a) { return existing.starts_with(a.first + "="); });
    if (!replaced) all.emplace_back(existing);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

int open_output(const std::filesystem::path& file) {
  const char* name = file.empty() ? "/dev/null" : file.c_str();
  return open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

// What happens between fork and exec: async-signal-safe calls alone.
[[noreturn]] void become(pid_t parent, int in, int out, int err, char* const* argv, char* const* envp) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);  // the parent went before the line above
  ::signal(SIGPIPE, SIG_DFL);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execvpe(argv[0], argv, envp);
  _exit(127);
}

}  // namespace

Result<std::unique_ptr<Process>> Process::start(const ProcessOptions& options) {
  std::vector<std::string> command = options.command;
  std::vector<std::string> environment = environment_with(options.environment);
  std::vector<char*> argv = pointers_to(command);
  std::vector<char*> envp = pointers_to(environment);

  int out = open_output(options.stdout_file);
  int err = options.stderr_file.empty() ? dup(out) : open_output(options.stderr_file);
  int in = -1;
  int input_fd = -1;
  if (options.pipe_stdin) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == 0) in = ends[0], input_fd = ends[1];
  } else {
    in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  if (out < 0 || err < 0 || in < 0) {
    return fail(ErrorCode::kIo, fmt::format("cannot open the files of {}: {}", command[0], system_error()));
  }

  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid == 0) become(parent, in, out, err, argv.data(), envp.data());
  std::string error = system_error();
  close(in);
  close(out);
  close(err);
  if (pid < 0) return fail(ErrorCode::kIo, fmt::format("cannot start {}: {}", command[0], error));
  setpgid(pid, pid);           // the child does the same: whoever is first
  ::signal(SIGPIPE, SIG_IGN);  // write_input says it by its result
  return std::unique_ptr<Process>(new Process(pid, open_pid(pid), input_fd, options));
}

Process::Process(pid_t pid, int pid_fd, int input_fd, ProcessOptions options)
    : pid_(pid), pid_fd_(pid_fd), input_fd_(input_fd), options_(std::move(options)) {}

Process::~Process() {
  close_input();
  kill(-pid_, SIGKILL);  // the group, which may outlive its leader
  wait(milliseconds(-1));
  close(pid_fd_);
}

// A negative timeout is none.
std::optional<int> Process::wait(milliseconds timeout) {
  if (exit_code_) return exit_code_;
  pollfd ended{pid_fd_, POLLIN, 0};
  int events = 0;
  do {
    events = poll(&ended, 1, static_cast<int>(timeout.count()));
  } while (events < 0 && errno == EINTR);
  if (events == 0) return std::nullopt;
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return exit_code_;
}

void Process::signal(int number) {
  if (!exit_code_) kill(pid_, number);
}

Result<void> Process::write_input(const std::string& text) {
  size_t done = 0;
  while (done < text.size()) {
    ssize_t written = write(input_fd_, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return fail(ErrorCode::kIo, fmt::format("cannot write to {}: {}", options_.command[0], system_error()));
    }
    done += static_cast<size_t>(written);
  }
  return {};
}

void Process::close_input() {
  if (input_fd_ >= 0) close(input_fd_);
  input_fd_ = -1;
}

std::string Process::stdout_text() const { return read_file(options_.stdout_file); }

std::string Process::stderr_text() const {
  return read_file(options_.stderr_file.empty() ? options_.stdout_file : options_.stderr_file);
}

bool Process::wait_for_stdout(const std::string& text, milliseconds timeout) {
  return wait_for(options_.stdout_file, text, timeout);
}

bool Process::wait_for_stderr(const std::string& text, milliseconds timeout) {
  return wait_for(options_.stderr_file.empty() ? options_.stdout_file : options_.stderr_file, text, timeout);
}

bool Process::wait_for(const std::filesystem::path& file, const std::string& text, milliseconds timeout) {
  auto deadline = steady_clock::now() + timeout;
  while (true) {
    bool ended = wait(std::min(kAskAgain, time_left(deadline))).has_value();  // before the look: nothing comes after it
    if (read_file(file).find(text) != std::string::npos) return true;
    if (ended || time_left(deadline).count() == 0) return false;
  }
}

std::string read_file(const std::filesystem::path& file) {
  std::ostringstream text;
  std::ifstream in(file, std::ios::binary);
  if (in) text << in.rdbuf();
  return text.str();
}

}  // namespace omashu::real
