#include "service/watch/watch_sink.h"

#include <utility>

namespace omashu::service {

namespace {

class EventStream : public WatchSink {
 public:
  explicit EventStream(std::shared_ptr<http::ResponseStream> stream) : stream_(std::move(stream)) {}

  bool write(std::shared_ptr<const std::string> events) override { return stream_->write(std::move(events)); }
  bool has_room() const override { return stream_->has_room(); }
  bool is_open() const override { return stream_->is_open(); }
  void end(const std::string&, bool) override { stream_->end(); }

 private:
  const std::shared_ptr<http::ResponseStream> stream_;
};

class EventSocket : public WatchSink {
 public:
  explicit EventSocket(std::shared_ptr<http::WebSocket> socket) : socket_(std::move(socket)) {}

  bool write(std::shared_ptr<const std::string> events) override { return socket_->send(events); }
  bool has_room() const override { return socket_->has_room(); }
  bool is_open() const override { return socket_->is_open(); }
  void end(const std::string& reason, bool is_stopping) override {
    socket_->close(is_stopping ? http::CloseCode::kGoingAway : http::CloseCode::kPolicyViolation, reason);
  }

 private:
  const std::shared_ptr<http::WebSocket> socket_;
};

}  // namespace

std::unique_ptr<WatchSink> WatchSink::open(http::Exchange& exchange, WatchKind kind, http::StreamListener listener) {
  if (kind == WatchKind::kWebSocket) {
    auto socket = exchange.accept_web_socket({.stream = std::move(listener)});
    return socket == nullptr ? nullptr : std::make_unique<EventSocket>(std::move(socket));
  }
  http::Response head{.content_type = "text/event-stream"};
  head.fields = {{"Cache-Control", "no-cache"}, {"X-Accel-Buffering", "no"}};
  return std::make_unique<EventStream>(exchange.begin(std::move(head), std::move(listener)));
}

}  // namespace omashu::service
