// "host:port", as servers are told where to listen.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::net {

struct ListenAddress {
  std::string host;  // without brackets
  uint16_t port = 0;

  bool is_loopback() const;
};

// "127.0.0.1:8081", "localhost:0", "[::1]:8081"; ":8081" and "*:8081" are all interfaces ("0.0.0.0").
Result<ListenAddress> parse_listen_address(std::string_view text);

// With brackets where the host is an IPv6 address.
std::string address_text(const ListenAddress& address);

}  // namespace omashu::net
