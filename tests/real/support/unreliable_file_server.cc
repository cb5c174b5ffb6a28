#include "real/support/unreliable_file_server.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace omashu::real {

namespace {

constexpr int kThreads = 32;
constexpr int kFaultyRequests = 2;  // of each file, before it is answered well

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::string read_head(int socket) {
  std::string head;
  char byte;
  while (head.size() < 8192 && !head.ends_with("\r\n\r\n") && recv(socket, &byte, 1, 0) == 1) head += byte;
  return head;
}

// Until the client goes, or the server ends.
void stall(int socket) {
  char byte;
  while (recv(socket, &byte, 1, 0) > 0) {
  }
}

// "Range: bytes=N-" of a client that has the same file.
size_t start_of_range(const std::string& head, const std::string& etag, size_t size) {
  const size_t range = head.find("Range: bytes=");
  if (range == head.npos || head.find("If-Range: " + etag) == head.npos) return 0;
  const size_t start = std::strtoul(head.c_str() + range + 13, nullptr, 10);
  return start < size ? start : 0;
}

}  // namespace

std::string UnreliableFileServer::content(int number) {
  const size_t size = static_cast<size_t>(number % 13) * 3000 + static_cast<size_t>(number % 7);
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + (i >> 8) + static_cast<size_t>(number) * 31);
  return bytes;
}

UnreliableFileServer::UnreliableFileServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 128) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port for a server");
  }
  port_ = ntohs(address.sin_port);
  for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { serve(); });
}

UnreliableFileServer::~UnreliableFileServer() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
}

std::string UnreliableFileServer::url(int number) const {
  return fmt::format("http://127.0.0.1:{}/f/{}", port_, number);
}
std::string UnreliableFileServer::missing_url(int number) const {
  return fmt::format("http://127.0.0.1:{}/missing/{}", port_, number);
}
std::string UnreliableFileServer::broken_url(int number) const {
  return fmt::format("http://127.0.0.1:{}/broken/{}", port_, number);
}
std::string UnreliableFileServer::stalling_url(int number) const {
  return fmt::format("http://127.0.0.1:{}/stalling/{}", port_, number);
}

void UnreliableFileServer::serve() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    {
      const MutexLock lock(mutex_);
      if (!is_stopping_) sockets_.insert(socket);
    }
    const std::string head = read_head(socket);
    if (!head.empty()) answer(socket, head);
    const MutexLock lock(mutex_);
    sockets_.erase(socket);
    close(socket);
  }
}

void UnreliableFileServer::answer(int socket, const std::string& head) {
  const std::string path = head.substr(4, head.find(' ', 4) - 4);
  const int number = std::atoi(path.c_str() + path.rfind('/') + 1);
  int asked = 0;
  {
    const MutexLock lock(mutex_);
    asked = asked_[path]++;
  }
  const auto refuse = [&](const char* status) {
    send_all(socket, fmt::format("HTTP/1.1 {} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status));
  };
  if (path.starts_with("/missing")) return refuse("404");
  if (path.starts_with("/broken")) return refuse("503");
  enum Fault { kRefused, kCut, kStalled, kTooLong, kTooShort, kWrong, kNone };
  Fault fault = asked < kFaultyRequests ? static_cast<Fault>((number + asked * 3) % kNone) : kNone;
  if (path.starts_with("/stalling")) fault = kStalled;
  if (fault == kRefused) return refuse("503");

  std::string bytes = content(number);
  const std::string etag = fmt::format("\"{}\"", number);
  const size_t start = start_of_range(head, etag, bytes.size());
  std::string answer =
      fmt::format("HTTP/1.1 {}\r\nETag: {}\r\nConnection: close\r\n", start > 0 ? "206 x" : "200 x", etag);
  if (start > 0) answer += fmt::format("Content-Range: bytes {}-{}/{}\r\n", start, bytes.size() - 1, bytes.size());
  bytes.erase(0, start);
  size_t length = bytes.size();
  if (fault == kTooLong) length += 1000;
  if (fault == kTooShort) length /= 2;
  if (fault == kWrong && !bytes.empty()) bytes.back() ^= 1;
  if (fault == kCut) bytes.resize(bytes.size() / 2);
  if (fault == kStalled) bytes.resize(bytes.size() / 3);
  if (fault == kTooShort) bytes.resize(length);
  if (fault == kStalled && length == bytes.size()) length += 1;
  answer += fmt::format("Content-Length: {}\r\n\r\n", length);
  if (send_all(socket, answer + bytes) && fault == kStalled) stall(socket);
}

}  // namespace omashu::real
