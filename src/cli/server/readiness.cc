#include "cli/server/readiness.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace omashu::cli {

namespace {

Result<void> write_file(const std::string& path, const std::string& text) {
  const std::string unfinished = fmt::format("{}.{}.new", path, ::getpid());
  std::ofstream out(unfinished);
  out << text;
  out.close();
  if (!out || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    const int error = errno;
    std::remove(unfinished.c_str());
    return fail(ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(error)));
  }
  return {};
}

// A socket of the file system, or, with @ in front, an abstract one.
void tell_systemd() {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (path == nullptr || (*path != '/' && *path != '@') || std::strlen(path) >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, std::strlen(path));
  if (*path == '@') address.sun_path[0] = '\0';
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  constexpr std::string_view kReady = "READY=1";
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  (void)::sendto(socket, kReady.data(), kReady.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address), size);
  ::close(socket);
}

}  // namespace

Readiness::Readiness(std::optional<std::string> file) : file_(std::move(file)) { remove_file(); }

Readiness::~Readiness() { remove_file(); }

void Readiness::remove_file() const {
  if (file_) std::remove(file_->c_str());
}

Result<void> Readiness::tell(const std::vector<std::pair<std::string, std::string>>& addresses) {
  if (file_) {
    std::string lines;
    for (const auto& [name, value] : addresses) lines += fmt::format("{}={}\n", name, value);
    if (auto written = write_file(*file_, lines); !written) return written;
  }
  tell_systemd();
  return {};
}

}  // namespace omashu::cli
