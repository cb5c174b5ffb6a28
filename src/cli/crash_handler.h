// What the program says when it crashes: the signal, the build, and where it was.

#pragma once

#include <string_view>

namespace omashu::cli {

// From then on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT print `build`, the address and a backtrace of the thread to
// standard error, and then end the process as they would have. The names of functions that the program does not export
// are missing; the offsets are for addr2line. Called once, before there are other threads.
void install_crash_handler(std::string_view build);

}  // namespace omashu::cli
