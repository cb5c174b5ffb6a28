// Connections over sockets, plain or in TLS. Private to this folder.

#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>

#include "http/connection.h"

namespace omashu::http {

// With `tls` null, plain.
std::shared_ptr<net::Connection> make_connection(net::Socket socket, net::Clock::time_point now,
                                                 boost::asio::ssl::context* tls, const Service& service);

}  // namespace omashu::http
