#include "http/testing/socket_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace omashu::http::testing {

namespace {

size_t content_length_of(std::string_view head) {
  const size_t field = head.find("Content-Length: ");
  size_t length = 0;
  if (field != std::string_view::npos) std::from_chars(head.data() + field + 16, head.data() + head.size(), length);
  return length;
}

}  // namespace

SocketClient::SocketClient(const std::string& address) {
  const size_t colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience = {.tv_sec = 10, .tv_usec = 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    throw std::runtime_error("cannot connect to " + address);
  }
}

SocketClient::~SocketClient() { close(socket_); }

void SocketClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // closed: the answer that misses says it
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

bool SocketClient::read_more() {
  char buffer[65'536];
  const ssize_t size = recv(socket_, buffer, sizeof buffer, 0);
  if (size <= 0) return false;
  unread_.append(buffer, static_cast<size_t>(size));
  return true;
}

std::string SocketClient::read_response(bool has_body) {
  size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return "";
  }
  const size_t size = end + 4 + (has_body ? content_length_of(unread_.substr(0, end)) : 0);
  while (unread_.size() < size) {
    if (!read_more()) return "";
  }
  std::string response = unread_.substr(0, size);
  unread_.erase(0, size);
  return response;
}

std::string SocketClient::read_until(std::string_view end) {
  size_t found = 0;
  size_t searched = 0;
  while ((found = unread_.find(end, searched)) == std::string::npos) {
    searched = unread_.size() - std::min(unread_.size(), end.size());
    if (!read_more()) return "";
  }
  std::string read = unread_.substr(0, found + end.size());
  unread_.erase(0, read.size());
  return read;
}

std::string SocketClient::read_to_end() {
  while (read_more()) {
  }
  return std::exchange(unread_, {});
}

bool SocketClient::is_closed() {
  char byte = 0;
  const ssize_t size = recv(socket_, &byte, 1, 0);
  return size == 0 || (size < 0 && errno == ECONNRESET);
}

int status_of(std::string_view response) {
  int status = 0;
  if (response.size() > 12) std::from_chars(response.data() + 9, response.data() + 12, status);
  return status;
}

std::string body_of(std::string_view response) {
  const size_t end = response.find("\r\n\r\n");
  return end == std::string_view::npos ? "" : std::string(response.substr(end + 4));
}

}  // namespace omashu::http::testing
