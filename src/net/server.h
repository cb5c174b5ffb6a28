// What the servers of omashu share: listeners, and the threads on which their connections live.
//
// A listener has a function that makes a connection of a socket, which decides what is spoken there; the HTTP server
// makes plain ones and such with TLS, and the broker's listeners are plain so far. The number of connections is
// bounded. For each new one above the bound, or above what the system gives file descriptors for, the one that has kept
// the server waiting longest is closed (connection_table.h); where the server works for all of them, the new one is.
//
// listen() and start() are called by one thread, stop() by any. Private to the rooms that are servers: it shows Asio.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/connection.h"
#include "net/listen_address.h"
#include "omashu/result.h"

namespace omashu::net {

struct ServerOptions {
  std::string name = "the server";  // in what is reported: "the schema registry"
  size_t threads = 2;
  size_t max_connections = 1'000;
  std::chrono::milliseconds tick{500};                          // how often a connection is asked whether it is late
  std::function<Clock::time_point()> now = &Clock::now;         // for the connections' turns and deadlines
  std::function<void(const std::string& message)> report = {};  // told once that there are too many; from any thread
};

// `now` is when it was accepted. Called on any thread.
using MakeConnection = std::function<std::shared_ptr<Connection>(Socket socket, Clock::time_point now)>;

class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Before start(); connections wait until then. The address with the port that it got. kAlreadyExists where another
  // process listens there.
  Result<ListenAddress> listen(const ListenAddress& address, MakeConnection make_connection);

  void start();

  // Accepts no more, lets the connections finish, and closes those that have not after `patience`.
  void stop(std::chrono::milliseconds patience);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace omashu::net
