// How a connection becomes a WebSocket (RFC 6455, section 4.2). Private to this folder.

#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "http/message.h"

namespace omashu::http {

struct WrongHandshake {
  int status = 400;
  std::string message;
};

// The head of the answer: 101.
std::expected<Response, WrongHandshake> web_socket_answer(const Request& request);

// Section 4.2.2, 5.4: of Sec-WebSocket-Key.
std::string web_socket_accept(std::string_view key);

}  // namespace omashu::http
