#include "http/web_socket_connection.h"

#include <utility>

namespace omashu::http {

namespace {

// A client that sends pings and takes no answers gets none above this.
constexpr size_t kMaxQueuedForPong = 64 << 10;

class ConnectionWebSocket : public WebSocket {
 public:
  explicit ConnectionWebSocket(std::shared_ptr<ConnectionStream> stream) : stream_(std::move(stream)) {}
  ~ConnectionWebSocket() override {
    if (stream_->is_open()) stream_->cut();
  }

  bool send(std::string_view text) override { return stream_->write(Piece(frame(Opcode::kText, text))); }
  bool send(const WebSocketMessage& message) override { return stream_->write(Piece(message)); }
  bool ping() override { return stream_->write(Piece(frame(Opcode::kPing, ""))); }
  void close(CloseCode code, std::string_view reason) override {
    stream_->write(Piece(close_frame(code, reason)));
    stream_->end();
  }
  void cut() override { stream_->cut(); }
  bool has_room() const override { return stream_->has_room(); }
  bool is_open() const override { return stream_->is_open(); }
  size_t queued_bytes() const override { return stream_->queued_bytes(); }

 private:
  const std::shared_ptr<ConnectionStream> stream_;
};

}  // namespace

void WebSocketInput::on_bytes(std::string_view bytes) {
  for (auto event = reader_.read(bytes); event; event = reader_.read("")) on_event(*std::move(event));
}

void WebSocketInput::on_event(WebSocketEvent event) {
  switch (event.kind) {
    case WebSocketEvent::Kind::kMessage:
      if (on_message_ && stream_->is_open()) on_message_(std::move(event.payload));
      return;
    case WebSocketEvent::Kind::kPing:
      if (stream_->queued_bytes() < kMaxQueuedForPong) stream_->write(Piece(frame(Opcode::kPong, event.payload)));
      return;
    case WebSocketEvent::Kind::kPong: return;
    case WebSocketEvent::Kind::kClose: return stream_->on_client_ended(Piece(close_frame(event.code, "")));
    case WebSocketEvent::Kind::kFailed: return stream_->on_client_ended(Piece(close_frame(event.code, event.payload)));
  }
}

std::shared_ptr<WebSocket> make_web_socket(std::shared_ptr<ConnectionStream> stream) {
  return std::make_shared<ConnectionWebSocket>(std::move(stream));
}

}  // namespace omashu::http
