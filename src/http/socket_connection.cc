#include "http/socket_connection.h"

#include <netinet/tcp.h>

#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <type_traits>
#include <utility>

namespace omashu::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using net::Socket;

constexpr size_t kReadBytes = 4096;

std::string address_of(const Socket& socket) {
  boost::system::error_code ignored;
  const tcp::endpoint client = socket.remote_endpoint(ignored);
  return client.address().to_string(ignored);
}

template <class Stream>
class SocketConnection : public Connection {
 public:
  static constexpr bool kIsTls = !std::is_same_v<Stream, Socket>;

  template <class... TlsContext>
  SocketConnection(Socket socket, net::Clock::time_point now, const Service& service, TlsContext&... tls)
      : Connection(socket.get_executor(), now, address_of(socket), service), stream_(std::move(socket), tls...) {}

  void start() override {
    AsioError ignored;
    socket().set_option(tcp::no_delay(true), ignored);
    // A client whose machine has gone answers nothing, not even that it is not there: what was sent to it and is not
    // acknowledged for so long ends the connection. Else that takes Linux a quarter of an hour.
    const auto patience = static_cast<int>(options().send_timeout.count());
    socket().set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>(patience), ignored);
    if constexpr (kIsTls) {
      set_deadline(options().request_timeout);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](const AsioError& failed) {
        if (!failed) self->on_opened();
      });
    } else {
      on_opened();
    }
  }

 protected:
  void start_read() override {
    stream_.async_read_some(asio::buffer(buffer_), [self = self()](const AsioError& failed, size_t size) {
      self->on_read(failed, {self->buffer_.data(), size});
    });
  }

  void start_write(const OutputQueue::Buffers& buffers) override {
    stream_.async_write_some(buffers,
                             [self = self()](const AsioError& failed, size_t size) { self->on_written(failed, size); });
  }

  void end_output() override {
    AsioError ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
  }

  void shut_down() override {
    if constexpr (kIsTls) {
      stream_.async_shutdown([self = self()](const AsioError&) {});
    } else {
      AsioError ignored;
      socket().shutdown(Socket::shutdown_both, ignored);
    }
  }

  void close_socket(bool is_reset) override {
    AsioError ignored;
    if (is_reset) socket().set_option(asio::socket_base::linger(true, 0), ignored);
    socket().close(ignored);
  }

 private:
  std::shared_ptr<SocketConnection> self() { return std::static_pointer_cast<SocketConnection>(shared_from_this()); }

  Socket& socket() {
    if constexpr (kIsTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  Stream stream_;
  std::array<char, kReadBytes> buffer_;
};

}  // namespace

std::shared_ptr<net::Connection> make_connection(Socket socket, net::Clock::time_point now, asio::ssl::context* tls,
                                                 const Service& service) {
  if (tls == nullptr) return std::make_shared<SocketConnection<Socket>>(std::move(socket), now, service);
  using TlsStream = asio::ssl::stream<Socket>;
  return std::make_shared<SocketConnection<TlsStream>>(std::move(socket), now, service, *tls);
}

}  // namespace omashu::http
