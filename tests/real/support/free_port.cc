#include "real/support/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <set>

namespace omashu::real {
namespace {

bool can_bind(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return bound;
}

}  // namespace

int free_port() {
  static std::set<int> given;
  static std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<int> ports(20000, 31999);
  int port = ports(random);
  while (!can_bind(port) || !given.insert(port).second) port = ports(random);
  return port;
}

}  // namespace omashu::real
