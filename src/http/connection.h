// One connection of a server. Private to this folder.

#pragma once

#include <boost/asio/ssl/context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/host_check.h"
#include "http/server.h"
#include "net/connection.h"
#include "net/memory_budget.h"

namespace omashu::http {

// What the connections of a server share. Immutable while they live, but for the memory.
struct Service {
  ServerOptions options;
  std::unique_ptr<net::MemoryBudget> memory;  // for bodies that are still coming
  HostCheck host_check;
  Router router;
  // Checks a header away from the connections' threads, and calls back on one of its own; false where too many wait.
  std::function<bool(std::string header, std::function<void(std::optional<Access>)> done)> check_login;
};

// With `tls` null, plain.
std::shared_ptr<net::Connection> make_connection(net::Socket socket, net::Clock::time_point now,
                                                 boost::asio::ssl::context* tls, const Service& service);

}  // namespace omashu::http
