// A connection that has become a WebSocket (RFC 6455): text messages both ways. Exchange::accept_web_socket() makes it.
//
// It must be gone before its server is destroyed. Thread-safe.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/response_stream.h"

namespace omashu::http {

// RFC 6455, section 7.4.1.
enum class CloseCode : uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupportedData = 1003,
  kNotUtf8 = 1007,
  kPolicyViolation = 1008,
  kTooBig = 1009,
  kInternalError = 1011,
  kTryAgainLater = 1013,
};

// A message for many: sent to each without a copy. Several, one behind the other, can be sent as one.
using WebSocketMessage = std::shared_ptr<const std::string>;
WebSocketMessage make_web_socket_message(std::string_view text);

class WebSocket {
 public:
  // Without close() before it, the connection is cut.
  virtual ~WebSocket() = default;

  // As ResponseStream::write(): false where as much is queued as may be, or the socket is not open any more.
  virtual bool send(std::string_view text) = 0;
  virtual bool send(const WebSocketMessage& message) = 0;
  virtual bool ping() = 0;

  // Says why behind what is queued. The listener hears nothing more.
  virtual void close(CloseCode code, std::string_view reason) = 0;
  virtual void cut() = 0;

  virtual bool has_room() const = 0;
  virtual bool is_open() const = 0;
  virtual size_t queued_bytes() const = 0;
};

struct WebSocketListener {
  StreamListener stream = {};                                // on_closed also where the client closes
  std::function<void(std::string message)> on_message = {};  // on the connection's thread, as the others
};

}  // namespace omashu::http
