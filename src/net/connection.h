// One client's connection, as a server's threads see it. What is spoken on it, plain or in TLS, belongs to whoever
// derives from it: http::Connection and broker::Connection.
//
// It lives on one worker's thread, where all its functions are called but where another is said. It keeps itself alive
// for as long as it is open; the server only knows it weakly.

#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>

#include "net/connection_table.h"

namespace omashu::net {

using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

class Connection : public WaitingConnection {
 public:
  virtual void start() = 0;

  // Every ServerOptions::tick: closes itself where the client has been idle or slow for too long, and gives up memory
  // that it does not need.
  virtual void on_tick(Clock::time_point now) = 0;

  // The server stops: ends at once where nothing is under way, else behind the answer, or when it is closed.
  virtual void finish() = 0;

  // Gives the file descriptor back at once.
  virtual void close() = 0;

 protected:
  using WaitingConnection::WaitingConnection;
};

}  // namespace omashu::net
