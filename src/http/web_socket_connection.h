// A WebSocket over a connection's stream. Private to this folder.

#pragma once

#include <memory>
#include <string_view>

#include "http/connection_stream.h"
#include "http/web_socket.h"
#include "http/web_socket_frames.h"

namespace omashu::http {

// What the client sends; on the connection's thread.
class WebSocketInput : public StreamInput {
 public:
  WebSocketInput(std::shared_ptr<ConnectionStream> stream, size_t max_message_bytes,
                 std::function<void(std::string message)> on_message)
      : stream_(std::move(stream)), reader_(max_message_bytes), on_message_(std::move(on_message)) {}

  void on_bytes(std::string_view bytes) override;

 private:
  void on_event(WebSocketEvent event);

  const std::shared_ptr<ConnectionStream> stream_;
  WebSocketReader reader_;
  const std::function<void(std::string message)> on_message_;
};

// What the handler has.
std::shared_ptr<WebSocket> make_web_socket(std::shared_ptr<ConnectionStream> stream);

}  // namespace omashu::http
