// A request under way: what came, and the way back for the answer. It must be gone before its server is destroyed; a
// server that has stopped still takes answers, which go nowhere.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"
#include "http/response_stream.h"
#include "http/web_socket.h"

namespace omashu::http {

class Exchange {
 public:
  virtual ~Exchange() = default;  // one that was never answered is answered with 500

  const Request& request() const { return request_; }

  // What stands in the path where the route's pattern has {name}, decoded; "" where it has none of that name.
  const std::string& parameter(std::string_view name) const;

  // Called once, from any thread, now or later. Either a whole answer …
  virtual void answer(Response response) = 0;

  // … or the head of one, whose body comes piece by piece (`head.body` is its first piece). Where the client has gone
  // already, the stream is closed.
  virtual std::shared_ptr<ResponseStream> begin(Response head, StreamListener listener) = 0;

  // … or, where the request asks for a WebSocket, that. Null where it does not, or not rightly, or a page of another
  // origin asks: it is answered then.
  bool asks_for_web_socket() const;
  virtual std::shared_ptr<WebSocket> accept_web_socket(WebSocketListener listener) = 0;

 protected:
  Request request_;
  std::vector<std::pair<std::string_view, std::string>> parameters_;  // names are the pattern's
};

using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace omashu::http
