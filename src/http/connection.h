// One connection of a server. Private to this folder.

#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <functional>
#include <memory>

#include "http/server.h"

namespace omashu::http {

using Clock = std::chrono::steady_clock;
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

// What the connections of a server share. Immutable while they live.
struct Service {
  ServerOptions options;
  Router router;
  // Checks a header away from the connections' threads, and calls back on one of its own; false where too many wait.
  std::function<bool(std::string header, std::function<void(std::optional<Access>)> done)> check_login;
};

// Lives on the thread of its socket's executor, where all its functions are called; it keeps itself alive for as long
// as there is something to wait for.
class Connection {
 public:
  virtual ~Connection() = default;

  virtual void start() = 0;

  // When its patience is over; Clock::time_point::max() while a handler has the word.
  virtual Clock::time_point deadline() const = 0;

  // Ends at once where nothing is under way, else behind the answer.
  virtual void finish() = 0;
  virtual void close() = 0;
};

// With `tls` null, plain. `on_gone` is called once, on any thread.
std::shared_ptr<Connection> make_connection(Socket socket, boost::asio::ssl::context* tls, const Service& service,
                                            std::function<void()> on_gone);

}  // namespace omashu::http
