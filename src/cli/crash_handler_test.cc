#include "cli/crash_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <thread>

#include "base/thread_signals.h"

namespace omashu::cli {
namespace {

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::KilledBySignal;

// The build, and two frames at least.
auto is_report_of(const char* what) {
  return AllOf(HasSubstr(what), HasSubstr("\nomashu 1.2.3 of a test\n"), ContainsRegex("\\[0x[0-9a-f]+\\]\n.*\\[0x"));
}

void write_to(uintptr_t address) { *reinterpret_cast<volatile int*>(address) = 1; }

// Far more frames than a stack holds; the sum keeps them.
int fill_stack(int depth) {
  volatile char frame[4096] = {static_cast<char>(depth)};
  return depth == 100'000'000 ? 0 : fill_stack(depth + 1) + frame[depth % 4096];
}

TEST(CrashHandlerDeathTest, SaysWhereItWasAndDiesOfTheSignal) {
  const auto crash = [] {
    install_crash_handler("omashu 1.2.3 of a test");
    write_to(0x10);
  };
  EXPECT_EXIT(crash(), KilledBySignal(SIGSEGV), is_report_of("crashed with SIGSEGV at 0x10;"));
}

TEST(CrashHandlerDeathTest, ReportsCrashesOfOtherThreads) {
  const auto crash = [] {
    install_crash_handler("omashu 1.2.3 of a test");
    std::thread([] {
      block_signals();
      write_to(0x10);
    }).join();
  };
  EXPECT_EXIT(crash(), KilledBySignal(SIGSEGV), is_report_of("crashed with SIGSEGV at 0x10;"));
}

TEST(CrashHandlerDeathTest, ReportsAnAbort) {
  const auto crash = [] {
    install_crash_handler("omashu 1.2.3 of a test");
    std::abort();
  };
  EXPECT_EXIT(crash(), KilledBySignal(SIGABRT), is_report_of("crashed with SIGABRT;"));
}

TEST(CrashHandlerDeathTest, ReportsAStackThatIsFull) {
  const auto crash = [] {
    install_crash_handler("omashu 1.2.3 of a test");
    std::exit(fill_stack(0));
  };
  EXPECT_EXIT(crash(), KilledBySignal(SIGSEGV), is_report_of("crashed with SIGSEGV"));
}

#endif

}  // namespace
}  // namespace omashu::cli
