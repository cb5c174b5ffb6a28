#include "real/support/faulty_proxy.h"

#include <fmt/core.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace omashu::real {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket() { return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

int connect_to(int port) {
  int fd = new_socket();
  sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

void send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t sent = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<size_t>(sent));
  }
}

// Passes on what can be read; false when the sender has ended.
bool relay(int from, int to) {
  char bytes[16384];
  ssize_t count = recv(from, bytes, sizeof bytes, 0);
  if (count <= 0) return false;
  send_all(to, {bytes, static_cast<size_t>(count)});
  return true;
}

void relay_both_ways(int client, int upstream) {
  pollfd ends[] = {{client, POLLIN, 0}, {upstream, POLLIN, 0}};
  while (poll(ends, 2, -1) >= 0) {
    if (ends[0].revents != 0 && !relay(client, upstream)) return;
    if (ends[1].revents != 0 && !relay(upstream, client)) return;
  }
}

// Reads until the client ends, so that no answer is cut short by a reset for what was not read.
void drain(int client) {
  char bytes[16384];
  while (recv(client, bytes, sizeof bytes, 0) > 0) {
  }
}

}  // namespace

struct FaultyProxy::Connection {
  int fd;
  std::thread thread;
};

FaultyProxy::FaultyProxy(int upstream_port) : upstream_port_(upstream_port), listener_(new_socket()) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* any_address = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, any_address, size) != 0 || listen(listener_, 64) != 0) throw std::runtime_error("cannot listen");
  getsockname(listener_, any_address, &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

FaultyProxy::~FaultyProxy() {
  shutdown(listener_, SHUT_RDWR);  // wakes accept()
  acceptor_.join();
  close(listener_);
  for (const auto& connection : served_) {  // the acceptor is gone: nobody else writes to it
    shutdown(connection->fd, SHUT_RDWR);
    connection->thread.join();
    close(connection->fd);
  }
}

void FaultyProxy::pass_on() {
  const MutexLock lock(mutex_);
  fault_ = Fault::kNone;
}

void FaultyProxy::answer(std::string text) { answer_times(-1, std::move(text)); }

void FaultyProxy::answer_times(int times, std::string text) {
  const MutexLock lock(mutex_);
  fault_ = Fault::kAnswer;
  times_left_ = times;
  answer_ = std::move(text);
}

void FaultyProxy::stay_silent() {
  const MutexLock lock(mutex_);
  fault_ = Fault::kSilence;
}

void FaultyProxy::accept_all() {
  while (true) {
    int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    ++connections_;
    auto connection = std::make_unique<Connection>();
    connection->fd = fd;
    connection->thread = std::thread([this, raw = connection.get()] { serve(*raw); });
    const MutexLock lock(mutex_);
    served_.push_back(std::move(connection));
  }
}

// Leaves the descriptor to the destructor, which may be about to shut it down.
void FaultyProxy::serve(Connection& connection) {
  Fault fault = Fault::kNone;
  std::string text;
  {
    const MutexLock lock(mutex_);
    if (fault_ == Fault::kAnswer && times_left_ == 0) fault_ = Fault::kNone;
    if (fault_ == Fault::kAnswer && times_left_ > 0) --times_left_;
    fault = fault_;
    text = answer_;
  }
  if (fault == Fault::kAnswer) {
    char first;
    recv(connection.fd, &first, 1, MSG_PEEK);  // not before there is a request
    send_all(connection.fd, text);
    shutdown(connection.fd, SHUT_WR);
  }
  if (fault == Fault::kNone) {
    int upstream = connect_to(upstream_port_);
    if (upstream >= 0) {
      relay_both_ways(connection.fd, upstream);
      close(upstream);
    }
    shutdown(connection.fd, SHUT_RDWR);
    return;
  }
  drain(connection.fd);
}

std::string http_answer(const std::string& status, const std::string& content_type, const std::string& body) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                     content_type, body.size(), body);
}

}  // namespace omashu::real
