#include "http_client/testing/scripted_server.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

namespace omashu::http_client::testing {

namespace {

// A listening socket on a free port of the loopback interface, and the port.
std::pair<int, int> listen_anywhere() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 128) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  return {listener, ntohs(address.sin_port)};
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// Reads until `buffer` holds `size` bytes.
bool receive_to(int socket, std::string& buffer, size_t size) {
  char chunk[4096];
  while (buffer.size() < size) {
    const ssize_t got = recv(socket, chunk, sizeof(chunk), 0);
    if (got <= 0) return false;
    buffer.append(chunk, static_cast<size_t>(got));
  }
  return true;
}

size_t content_length_of(const std::string& head) {
  const size_t at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
}

// The next request of the connection; `buffer` keeps what came after it.
std::optional<ScriptedRequest> receive_request(int socket, std::string& buffer) {
  size_t head_end;
  while ((head_end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!receive_to(socket, buffer, buffer.size() + 1)) return std::nullopt;
  }
  ScriptedRequest request;
  request.head = buffer.substr(0, head_end + 2);
  buffer.erase(0, head_end + 4);
  const size_t length = content_length_of(request.head);
  if (!receive_to(socket, buffer, length)) return std::nullopt;
  request.body = buffer.substr(0, length);
  buffer.erase(0, length);
  const size_t first_space = request.head.find(' ');
  request.method = request.head.substr(0, first_space);
  request.target = request.head.substr(first_space + 1, request.head.find(' ', first_space + 1) - first_space - 1);
  return request;
}

}  // namespace

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
  std::tie(listener_, port_) = listen_anywhere();
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  for (const int socket : sockets_) close(socket);
  close(listener_);
}

std::string ScriptedServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::vector<ScriptedRequest> ScriptedServer::requests() const {
  const MutexLock lock(mutex_);
  return requests_;
}

void ScriptedServer::accept_all() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const MutexLock lock(mutex_);
    sockets_.push_back(socket);
    if (is_stopping_) return;
    ++connections_;
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void ScriptedServer::serve(int socket) {
  std::string buffer;
  while (std::optional<ScriptedRequest> request = receive_request(socket, buffer)) {
    {
      const MutexLock lock(mutex_);
      request->number = static_cast<int>(requests_.size()) + 1;
      requests_.push_back(*request);
    }
    const ScriptedReply reply = script_(*request);
    if (reply.never) continue;
    if (reply.close_at_once) break;
    std::string bytes = fmt::format("HTTP/1.1 {} x\r\nContent-Length: {}\r\nContent-Type: application/json\r\n",
                                    reply.status, reply.body.size());
    for (const std::string& header : reply.headers) bytes += header + "\r\n";
    bytes += "\r\n";
    bytes += reply.close_in_body ? reply.body.substr(0, reply.body.size() / 2) : reply.body;
    if (!send_all(socket, bytes) || reply.close_in_body) break;
  }
  shutdown(socket, SHUT_RDWR);  // closed with the server, so that its number is not given to another meanwhile
}

std::string unused_url() {
  const auto [listener, port] = listen_anywhere();
  close(listener);
  return fmt::format("http://127.0.0.1:{}", port);
}

}  // namespace omashu::http_client::testing
