// Sends a write on to the registry that leads, and its answer back. Thread-safe.

#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "http/exchange.h"
#include "omashu/result.h"

namespace omashu::http_client {
class HttpLoop;
}

namespace omashu::schema_registry::server {

// The header by which a registry knows that a request comes from another one, and goes no further.
inline constexpr const char* kForwardHeader = "X-Forward";

class Forwarder {
 public:
  // `ca_file` (PEM) says whom to trust where the leader has HTTPS; "" is the system's own list.
  static Result<std::unique_ptr<Forwarder>> open(const std::string& ca_file, std::chrono::milliseconds timeout);
  ~Forwarder();  // what is under way is answered with an error

  // The same request, with the client's own credentials, to the registry at `url`.
  void forward(const std::string& url, const http::ExchangePtr& exchange);

 private:
  Forwarder(std::unique_ptr<http_client::HttpLoop> loop, std::chrono::milliseconds timeout);

  const std::chrono::milliseconds timeout_;
  const std::unique_ptr<http_client::HttpLoop> loop_;
};

}  // namespace omashu::schema_registry::server
