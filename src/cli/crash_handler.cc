#include "cli/crash_handler.h"

#include <execinfo.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace omashu::cli {

namespace {

// A signal handler reaches nothing but globals, and allocates nothing.
std::array<char, 256> build_text;
size_t build_size = 0;
std::atomic<bool> is_reported{false};

// The stack that has overflowed cannot hold the handler's frames. This one is the main thread's alone.
alignas(std::max_align_t) std::array<char, 64 << 10> signal_stack;

struct Signal {
  int number;
  std::string_view name;
};
constexpr Signal kSignals[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"}, {SIGILL, "SIGILL"}, {SIGABRT, "SIGABRT"}};

void print(std::string_view text) { (void)!::write(STDERR_FILENO, text.data(), text.size()); }

void print_hex(uintptr_t number) {
  std::array<char, 2 + 2 * sizeof number> text;
  size_t at = text.size();
  do {
    text[--at] = "0123456789abcdef"[number % 16];
    number /= 16;
  } while (number != 0);
  text[--at] = 'x';
  text[--at] = '0';
  print({text.data() + at, text.size() - at});
}

void report_crash(int number, siginfo_t* info, void*) {
  // Where several threads crash, the first reports, and ends the others with the process.
  if (is_reported.exchange(true)) {
    while (true) ::pause();
  }
  const auto* const signal = std::ranges::find(kSignals, number, &Signal::number);
  print("omashu: crashed with ");
  print(signal->name);
  if (number != SIGABRT) {
    print(" at ");
    print_hex(reinterpret_cast<uintptr_t>(info->si_addr));
  }
  print("; please report this with what follows\n");
  print({build_text.data(), build_size});
  print("\n");
  std::array<void*, 64> frames;
  const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
  ::backtrace_symbols_fd(frames.data(), count, STDERR_FILENO);
  ::signal(number, SIG_DFL);
  ::raise(number);  // delivered when this returns
}

}  // namespace

void install_crash_handler(std::string_view build) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they report crashes themselves, with more detail
  build_size = std::min(build.size(), build_text.size());
  std::ranges::copy(build.substr(0, build_size), build_text.begin());

  // The first call loads a library, which a handler must not.
  void* frame = nullptr;
  ::backtrace(&frame, 1);

  stack_t stack{};
  stack.ss_sp = signal_stack.data();
  stack.ss_size = signal_stack.size();
  ::sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = report_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (const Signal& signal : kSignals) ::sigaction(signal.number, &action, nullptr);
#else
  static_cast<void>(build);
#endif
}

}  // namespace omashu::cli
