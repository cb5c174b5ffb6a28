// The broker's listeners: connections, and the threads on which their requests are handled. What it shares with other
// servers is in src/net.
//
// A connection belongs to one thread. Its requests are handled in their order, the next one while those before it wait
// for their answers, and the answers go out in that order, as Kafka's protocol has it. Each connection is bounded: in
// the size of a request, in the answers that wait, and in the bytes that wait to be sent; where a client does not take
// its answers, nothing more is read from it.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/handler/request_context.h"
#include "omashu/result.h"

namespace omashu::broker {

class Broker;

// Where clients connect, and where the broker tells those who came this way that it is to be found.
struct ListenerOptions {
  std::string name = "PLAINTEXT";                      // of listeners and advertised.listeners
  Endpoint listen{.host = "127.0.0.1", .port = 9092};  // an address; port 0 takes a free one
  Endpoint advertised = {};                            // host "" and port 0 for those that are listened on
};

struct ServerOptions {
  std::vector<ListenerOptions> listeners = {{}};  // at least one
  size_t threads = 2;
  size_t max_connections = 10'000;            // for each one more, the one that is idle or slow longest is closed
  uint32_t max_request_bytes = 100 << 20;     // socket.request.max.bytes
  uint64_t max_unfinished_bytes = 256 << 20;  // of requests that are still coming, on all connections
  int64_t max_idle_ms = 10 * 60 * 1000;       // connections.max.idle.ms
  std::chrono::milliseconds tick{10'000};     // how often connections are asked whether they are idle or slow
  std::function<void(const std::string& message)> report = {};  // of what concerns all clients; from any thread
};

class Server {
 public:
  // Both must outlive the other's threads: stop the server, then close and destroy the broker, then the server.
  static Result<std::unique_ptr<Server>> start(Broker& broker, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // What each listener advertises, in the order of the options.
  const std::vector<Endpoint>& advertised() const;

  // Closes all connections; requests that have been handled stay so, their answers may be lost.
  void stop();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace omashu::broker
