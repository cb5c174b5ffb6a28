#include "real/support/readiness.h"
#include "real/support/process.h"

#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kReadyWithin{120};  // of two busy cores; a start takes 2 s
constexpr milliseconds kAskAgain{20};
constexpr size_t kLogTailBytes = 2000;

std::string log_tail(const Process& process) {
  std::string log = process.stdout_text();
  return log.size() > kLogTailBytes ? log.substr(log.size() - kLogTailBytes) : log;
}

}  // namespace

bool accepts_connections(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool connected = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

Result<void> wait_until_ready_or_dead(const std::string& name, Process& process, const std::function<bool()>& answers) {
  auto deadline = steady_clock::now() + kReadyWithin;
  while (!answers()) {
    if (auto exit_code = process.wait(kAskAgain)) {
      return fail(ErrorCode::kUnavailable,
                  fmt::format("{} ended with {} before it was ready:\n{}", name, *exit_code, log_tail(process)));
    }
    if (steady_clock::now() > deadline) {
      return fail(ErrorCode::kTimeout,
                  fmt::format("{} was not ready after {} s:\n{}", name, kReadyWithin.count(), log_tail(process)));
    }
  }
  return {};
}

}  // namespace omashu::real
