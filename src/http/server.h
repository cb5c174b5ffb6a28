// An HTTP/1.1 server: listens, keeps connections, asks who is there, and hands requests to a router's handlers.
//
// A few threads serve all connections, each its own; a client that is slow holds nothing but its buffers, and those
// only for so long. Thread-safe.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/access_log.h"
#include "http/authenticator.h"
#include "http/rate_limiter.h"
#include "http/request_reader.h"
#include "http/router.h"
#include "net/tls_files.h"
#include "omashu/result.h"

namespace omashu::http {

// What is told of each request when its answer begins.
struct AnsweredRequest {
  Method method = Method::kOther;
  std::string_view pattern = {};  // the route's; "" where there is none, or the request did not get there
  int status = 0;
  std::chrono::nanoseconds took{0};  // since its last byte
};

struct ServerOptions {
  std::string address = "127.0.0.1:0";                // "host:port", "[::1]:port"; port 0: a free one
  std::vector<std::string> host_names = {};           // under which it is addressed, beside loopback's (host_check.h)
  net::TlsFiles tls = {};                             // a certificate makes it HTTPS
  std::shared_ptr<Authenticator> authenticator = {};  // null: everybody may do everything

  bool compresses = false;                        // with gzip or zstd, as clients take it
  RateLimit rate_limit = {};                      // of each user, or of each address where nobody has logged in
  std::vector<std::string> allowed_origins = {};  // of pages that may ask ("https://example.org"); "*" may read
  std::shared_ptr<AccessLog> access_log = {};     // null: requests are not logged

  RequestLimits limits = {};
  size_t max_connections = 1'000;  // for each one more, the one that has kept the server waiting longest is closed
  int threads = 2;                 // 0: as many as there are cores
  uint64_t max_unfinished_bytes = 256 << 20;  // of bodies that are still coming, on all connections
  size_t max_stream_bytes = 256 << 10;        // that a client has not taken yet: a stream's writer is told to stop
  size_t max_message_bytes = 64 << 10;        // of a WebSocket's client

  std::chrono::milliseconds request_timeout{15'000};  // from a request's first byte to its last, and of a TLS handshake
  std::chrono::milliseconds idle_timeout{120'000};    // between requests
  std::chrono::milliseconds send_timeout{30'000};     // without any progress of an answer, while there is some to send
  std::chrono::milliseconds drain_time{0};            // see stop()
  std::chrono::milliseconds stop_timeout{5'000};      // for requests under way, and streams, when the server stops

  // The answers that the server itself gives: 400, 401, 403, 404, 405, 413, 421, 426, 429, 431, 500, 503.
  std::function<Response(int status, std::string_view message)> error_response = {};

  // On the connection's thread, which must not be kept waiting.
  std::function<void(const AnsweredRequest&)> on_answered = {};

  std::string name = "the HTTP server";                         // in what is reported
  std::function<void(const std::string& message)> report = {};  // of what goes wrong as a whole; from any thread
  std::function<std::chrono::steady_clock::time_point()> now = &std::chrono::steady_clock::now;
};

class Server {
 public:
  // Listens; connections wait for serve().
  static Result<std::unique_ptr<Server>> bind(ServerOptions options);
  virtual ~Server() = default;  // stops

  // Called once.
  virtual void serve(Router router) = 0;

  virtual std::string address() const = 0;  // "127.0.0.1:8081", with the port that it got
  virtual std::string url() const = 0;      // "http://127.0.0.1:8081"

  // For `drain_time` answers as before, but ends each connection with its next answer: time for who asks whether the
  // server is ready, and sends clients elsewhere, to see that it is not. Then takes no more requests, tells streams to
  // end, waits for those and for requests under way, and ends.
  virtual void stop() = 0;
};

}  // namespace omashu::http
