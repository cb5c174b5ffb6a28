#include "http/connection_exchange.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <array>

#include "http/compressor.h"
#include "http/content_encoding.h"
#include "http/web_socket_connection.h"
#include "http/web_socket_handshake.h"

namespace omashu::http {

namespace {

namespace asio = boost::asio;

// A smaller body is hardly smaller compressed.
constexpr size_t kMinCompressedBytes = 1024;

// Those of a stream come piece by piece. Every client takes the one member of gzip for that; some stop at the first
// frame of zstd.
constexpr std::array kForWholeBodies = {ContentEncoding::kZstd, ContentEncoding::kGzip};
constexpr std::array kForStreams = {ContentEncoding::kGzip, ContentEncoding::kZstd};

// A stream on its way to the connection's thread. Where that has ended already, and what is on the way to it is
// destroyed, the stream is closed.
class StreamBegin {
 public:
  StreamBegin(std::shared_ptr<Connection> connection, std::shared_ptr<ConnectionStream> stream, Response head,
              std::unique_ptr<StreamInput> input)
      : connection_(std::move(connection)),
        stream_(std::move(stream)),
        head_(std::move(head)),
        input_(std::move(input)) {}
  ~StreamBegin() {
    if (stream_ != nullptr) stream_->on_closed();
  }
  StreamBegin(StreamBegin&&) = default;

  void operator()() { connection_->begin_stream(std::exchange(stream_, nullptr), std::move(head_), std::move(input_)); }

 private:
  std::shared_ptr<Connection> connection_;
  std::shared_ptr<ConnectionStream> stream_;
  Response head_;
  std::unique_ptr<StreamInput> input_;
};

class ConnectionExchange : public Exchange {
 public:
  ConnectionExchange(std::shared_ptr<Connection> connection, Request request,
                     std::vector<std::pair<std::string_view, std::string>> parameters)
      : connection_(std::move(connection)) {
    request_ = std::move(request);
    parameters_ = std::move(parameters);
  }

  ~ConnectionExchange() override {
    if (connection_ != nullptr) answer(connection_->error(500, "the request was dropped"));
  }

  void answer(Response response) override {
    std::shared_ptr<Connection> connection = std::exchange(connection_, nullptr);
    if (connection == nullptr) return;
    if (connection->options().compresses) compress(response);
    const net::Executor executor = connection->executor();
    asio::dispatch(executor, [connection = std::move(connection), response = std::move(response)]() mutable {
      connection->send(std::move(response));
    });
  }

  std::shared_ptr<ResponseStream> begin(Response head, StreamListener listener) override {
    std::shared_ptr<Connection> connection = std::exchange(connection_, nullptr);
    const bool is_there = connection != nullptr;
    ContentEncoding encoding = ContentEncoding::kIdentity;
    if (is_there && connection->options().compresses && is_compressible(head)) {
      encoding = preferred_encoding(request_.field("accept-encoding"), kForStreams);
      describe_encoding(head, encoding);
    }
    const size_t max_bytes = is_there ? connection->options().max_stream_bytes : 0;
    auto stream = std::make_shared<ConnectionStream>(std::move(listener), max_bytes, encoding, connection);
    stream->write(Piece(std::exchange(head.body, {})));
    if (is_there) {
      const net::Executor executor = connection->executor();
      asio::post(executor, StreamBegin(std::move(connection), stream, std::move(head), nullptr));
    } else {
      stream->on_closed();  // it has been answered
    }
    return make_response_stream(std::move(stream));
  }

  std::shared_ptr<WebSocket> accept_web_socket(WebSocketListener listener) override {
    if (connection_ == nullptr) return nullptr;
    if (!connection_->gate().is_trusted_origin(request_)) {
      answer(connection_->error(403, "a page of another origin may not open a WebSocket"));
      return nullptr;
    }
    auto head = web_socket_answer(request_);
    if (!head) {
      answer_wrong_handshake(head.error());
      return nullptr;
    }
    std::shared_ptr<Connection> connection = std::exchange(connection_, nullptr);
    const ServerOptions& options = connection->options();
    auto stream = std::make_shared<ConnectionStream>(std::move(listener.stream), options.max_stream_bytes,
                                                     ContentEncoding::kIdentity, connection);
    auto input = std::make_unique<WebSocketInput>(stream, options.max_message_bytes, std::move(listener.on_message));
    const net::Executor executor = connection->executor();
    asio::post(executor, StreamBegin(std::move(connection), stream, *std::move(head), std::move(input)));
    return make_web_socket(std::move(stream));
  }

 private:
  void answer_wrong_handshake(const WrongHandshake& wrong) {
    Response response = connection_->error(wrong.status, wrong.message);
    if (wrong.status == 426) {
      response.fields.push_back({"Upgrade", "websocket"});
      response.fields.push_back({"Connection", "Upgrade"});
      response.fields.push_back({"Sec-WebSocket-Version", "13"});
    }
    answer(std::move(response));
  }

  void compress(Response& response) const {
    if (!is_compressible(response)) return;
    ContentEncoding encoding = ContentEncoding::kIdentity;
    if (response.body.size() >= kMinCompressedBytes) {
      encoding = preferred_encoding(request_.field("accept-encoding"), kForWholeBodies);
    }
    describe_encoding(response, encoding);
    if (encoding != ContentEncoding::kIdentity) response.body = compressed(response.body, encoding);
  }

  std::shared_ptr<Connection> connection_;
};

}  // namespace

ExchangePtr make_exchange(std::shared_ptr<Connection> connection, Request request,
                          std::vector<std::pair<std::string_view, std::string>> parameters) {
  return std::make_shared<ConnectionExchange>(std::move(connection), std::move(request), std::move(parameters));
}

}  // namespace omashu::http
