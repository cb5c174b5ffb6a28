#include "http/testing/promised_exchange.h"

#include "base/mutex.h"

namespace omashu::http::testing {

namespace {

class PromisedStream : public ResponseStream {
 public:
  PromisedStream(Response head, std::promise<Response> answer)
      : answer_(std::move(answer)), response_(std::move(head)) {}
  ~PromisedStream() override { cut(); }

  bool write(std::string piece) override {
    const MutexLock lock(mutex_);
    if (is_open_) response_.body += piece;
    return is_open_;
  }
  bool write(std::shared_ptr<const std::string> piece) override { return write(*piece); }
  void end() override { finish(std::nullopt); }
  void cut() override { finish(0); }
  bool has_room() const override { return true; }
  bool is_open() const override {
    const MutexLock lock(mutex_);
    return is_open_;
  }
  size_t queued_bytes() const override { return 0; }

 private:
  void finish(std::optional<int> status) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (!std::exchange(is_open_, false)) return;
    if (status) response_.status = *status;
    answer_.set_value(std::move(response_));
  }

  mutable Mutex mutex_;
  std::promise<Response> answer_ GUARDED_BY(mutex_);
  Response response_ GUARDED_BY(mutex_);
  bool is_open_ GUARDED_BY(mutex_) = true;
};

}  // namespace

PromisedExchange::PromisedExchange(Request request, std::vector<std::pair<std::string_view, std::string>> parameters,
                                   std::promise<Response> answer)
    : answer_(std::move(answer)) {
  request_ = std::move(request);
  parameters_ = std::move(parameters);
}

PromisedExchange::~PromisedExchange() {
  if (!is_answered_) answer({.status = 500});
}

void PromisedExchange::answer(Response response) {
  if (!std::exchange(is_answered_, true)) answer_.set_value(std::move(response));
}

std::shared_ptr<ResponseStream> PromisedExchange::begin(Response head, StreamListener) {
  is_answered_ = true;
  return std::make_shared<PromisedStream>(std::move(head), std::move(answer_));
}

std::shared_ptr<WebSocket> PromisedExchange::accept_web_socket(WebSocketListener) {
  answer({.status = 426});
  return nullptr;
}

}  // namespace omashu::http::testing
