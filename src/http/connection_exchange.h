// The exchange of a request that came over a connection. Private to this folder.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/connection.h"
#include "http/exchange.h"

namespace omashu::http {

// Answers on the connection's thread, at once where that is the caller's.
ExchangePtr make_exchange(std::shared_ptr<Connection> connection, Request request,
                          std::vector<std::pair<std::string_view, std::string>> parameters);

}  // namespace omashu::http
