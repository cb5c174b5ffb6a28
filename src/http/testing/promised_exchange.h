// An exchange without a connection: its answer, whole or streamed, is a promise that is kept.

#pragma once

#include <future>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "http/exchange.h"

namespace omashu::http::testing {

class PromisedExchange : public Exchange {
 public:
  // `answer` gets the answer once it is whole: 500 where there is none, 0 where a stream is dropped without end().
  PromisedExchange(Request request, std::vector<std::pair<std::string_view, std::string>> parameters,
                   std::promise<Response> answer);
  ~PromisedExchange() override;

  void answer(Response response) override;
  std::shared_ptr<ResponseStream> begin(Response head, StreamListener listener) override;  // takes everything
  std::shared_ptr<WebSocket> accept_web_socket(WebSocketListener listener) override;       // answers 426

 private:
  std::promise<Response> answer_;
  bool is_answered_ = false;
};

}  // namespace omashu::http::testing
