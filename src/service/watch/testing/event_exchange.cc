#include "service/watch/testing/event_exchange.h"

#include <chrono>
#include <deque>
#include <utility>

#include "base/mutex.h"

namespace omashu::service::testing {

namespace {

std::string field_of(std::string_view block, std::string_view name) {
  while (!block.empty()) {
    const std::string_view line = block.substr(0, block.find('\n'));
    block.remove_prefix(std::min(line.size() + 1, block.size()));
    if (line.starts_with(name)) return std::string(line.substr(name.size()));
  }
  return "";
}

}  // namespace

class EventClient::State {
 public:
  explicit State(size_t max_bytes) : max_bytes_(max_bytes) {}

  bool write(std::string_view piece) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (!is_open_) return false;
    unread_ += piece;
    changed_.notify_all();
    if (unread_.size() >= max_bytes_) is_refusing_ = true;
    return !is_refusing_;
  }
  void finish(bool is_whole) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    is_open_ = false;
    is_ended_ = is_ended_ || is_whole;
    changed_.notify_all();
  }
  bool has_room() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return !is_refusing_;
  }
  bool is_open() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return is_open_;
  }
  bool is_ended() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return is_ended_;
  }
  size_t queued() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return unread_.size();
  }
  void listen(http::StreamListener listener) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    listener_ = std::move(listener);
  }
  http::StreamListener listener() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return listener_;
  }

  // The next event; nothing where none comes until then.
  std::optional<ReceivedEvent> next(std::chrono::steady_clock::time_point deadline) EXCLUDES(mutex_) {
    std::string block;
    bool is_drained = false;
    {
      MutexLock lock(mutex_);
      size_t end = 0;
      while ((end = unread_.find("\n\n")) == std::string::npos) {
        if (!is_open_ || !changed_.wait_until(lock, deadline)) return std::nullopt;
      }
      block = unread_.substr(0, end + 1);
      unread_.erase(0, end + 2);
      is_drained = is_refusing_ && unread_.size() <= max_bytes_ / 2;
      if (is_drained) is_refusing_ = false;
    }
    if (is_drained && listener().on_drained) listener().on_drained();
    return ReceivedEvent{field_of(block, "event: "), field_of(block, "id: "), field_of(block, "data: ")};
  }

 private:
  const size_t max_bytes_;
  mutable Mutex mutex_;
  ConditionVariable changed_;
  std::string unread_ GUARDED_BY(mutex_);
  http::StreamListener listener_ GUARDED_BY(mutex_);
  bool is_open_ GUARDED_BY(mutex_) = true;
  bool is_refusing_ GUARDED_BY(mutex_) = false;
  bool is_ended_ GUARDED_BY(mutex_) = false;
};

namespace {

class ClientStream : public http::ResponseStream {
 public:
  explicit ClientStream(std::shared_ptr<EventClient::State> state) : state_(std::move(state)) {}
  ~ClientStream() override { state_->finish(false); }
  bool write(std::string piece) override { return state_->write(piece); }
  bool write(std::shared_ptr<const std::string> piece) override { return state_->write(*piece); }
  void end() override { state_->finish(true); }
  void cut() override { state_->finish(false); }
  bool has_room() const override { return state_->has_room(); }
  bool is_open() const override { return state_->is_open(); }
  size_t queued_bytes() const override { return state_->queued(); }

 private:
  const std::shared_ptr<EventClient::State> state_;
};

class EventExchange : public http::Exchange {
 public:
  EventExchange(std::shared_ptr<EventClient::State> state, http::Request request, std::string table)
      : state_(std::move(state)) {
    request_ = std::move(request);
    parameters_.emplace_back("table", std::move(table));
  }
  void answer(http::Response response) override {
    state_->write("event: answer\ndata: " + std::to_string(response.status) + "\n\n");
  }
  std::shared_ptr<http::ResponseStream> begin(http::Response, http::StreamListener listener) override {
    state_->listen(std::move(listener));
    return std::make_shared<ClientStream>(state_);
  }
  std::shared_ptr<http::WebSocket> accept_web_socket(http::WebSocketListener) override { return nullptr; }

 private:
  const std::shared_ptr<EventClient::State> state_;
};

constexpr std::chrono::seconds kPatience{10};

}  // namespace

EventClient::EventClient(size_t max_bytes) : state_(std::make_shared<State>(max_bytes)) {}

EventClient::~EventClient() { close(); }

http::ExchangePtr EventClient::exchange(http::Request request, std::string table) {
  return std::make_shared<EventExchange>(state_, std::move(request), std::move(table));
}

std::vector<ReceivedEvent> EventClient::read_until(const std::string& event) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::vector<ReceivedEvent> events;
  while (auto next = state_->next(deadline)) {
    events.push_back(*std::move(next));
    if (events.back().event == event) break;
  }
  return events;
}

std::vector<ReceivedEvent> EventClient::read(size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::vector<ReceivedEvent> events;
  while (events.size() < count) {
    auto next = state_->next(deadline);
    if (!next) break;
    if (!next->event.empty()) events.push_back(*std::move(next));
  }
  return events;
}

std::vector<ReceivedEvent> EventClient::read_now() {
  std::vector<ReceivedEvent> events;
  while (auto next = state_->next(std::chrono::steady_clock::now())) events.push_back(*std::move(next));
  return events;
}

void EventClient::close() {
  state_->finish(false);
  const http::StreamListener listener = state_->listener();
  state_->listen({});
  if (listener.on_closed) listener.on_closed();
}

void EventClient::stop() {
  if (const auto listener = state_->listener(); listener.on_closing) listener.on_closing();
}

bool EventClient::is_ended() const { return state_->is_ended(); }

}  // namespace omashu::service::testing
