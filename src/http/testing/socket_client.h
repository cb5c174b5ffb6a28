// A client that sends bytes as they are, for tests of servers. Every wait ends after ten seconds.

#pragma once

#include <string>
#include <string_view>

namespace omashu::http::testing {

class SocketClient {
 public:
  explicit SocketClient(const std::string& address);  // "127.0.0.1:8081"
  ~SocketClient();
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;

  void send(std::string_view bytes);

  // One response: the head and as much body as it announces. "" where the connection has ended.
  std::string read_response(bool has_body = true);
  // What comes up to these bytes, and them. "" where the connection has ended before.
  std::string read_until(std::string_view end);
  std::string read_to_end();
  std::string ask(std::string_view request) {
    send(request);
    return read_response();
  }

  // Whether the server has closed, or does so in time.
  bool is_closed();

 private:
  bool read_more();

  int socket_ = -1;
  std::string unread_;
};

// Of a response's text.
int status_of(std::string_view response);
std::string body_of(std::string_view response);

}  // namespace omashu::http::testing
