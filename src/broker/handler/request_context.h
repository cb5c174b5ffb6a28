// What a handler knows of a request besides its message.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace omashu::broker {

struct Endpoint {
  std::string host;
  uint16_t port = 0;
};

// A connected client, as its connection knows it.
struct Peer {
  std::string host;           // the client's address
  std::string listener = {};  // the name of the one that it came through
  Endpoint advertised;        // where clients of this listener find the broker
};

// The views are good until the handler returns.
struct RequestContext {
  const Peer& peer;
  std::string_view client_id;
  int16_t api_version = 0;
};

}  // namespace omashu::broker
