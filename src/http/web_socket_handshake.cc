#include "http/web_socket_handshake.h"

#include <algorithm>

#include "base/base64.h"
#include "base/digest.h"
#include "http/exchange.h"
#include "http/tokens.h"

namespace omashu::http {

namespace {

bool asks_for_it(const Request& request) {
  return has_token(request.field("upgrade"), "websocket") && has_token(request.field("connection"), "upgrade");
}

}  // namespace

bool Exchange::asks_for_web_socket() const { return asks_for_it(request_); }

std::expected<Response, WrongHandshake> web_socket_answer(const Request& request) {
  if (request.method != Method::kGet) return std::unexpected(WrongHandshake{405, "a WebSocket is asked for with GET"});
  if (!asks_for_it(request)) {
    return std::unexpected(
        WrongHandshake{426, "this is a WebSocket: the request needs Upgrade: websocket and Connection: Upgrade"});
  }
  if (request.field("sec-websocket-version") != "13") {
    return std::unexpected(WrongHandshake{426, "only version 13 of WebSockets is spoken here"});
  }
  const std::string_view key = request.field("sec-websocket-key");
  const auto nonce = from_base64(key);
  if (!nonce || nonce->size() != 16) {
    return std::unexpected(WrongHandshake{400, "Sec-WebSocket-Key must be 16 bytes in base64"});
  }
  return Response{
      .status = 101,
      .fields = {
          {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", web_socket_accept(key)}}};
}

std::string web_socket_accept(std::string_view key) {
  const auto digest = sha1(std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace omashu::http
