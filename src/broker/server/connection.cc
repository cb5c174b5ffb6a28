#include "broker/server/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "broker/handler/broker.h"
#include "broker/handler/dispatch.h"

namespace omashu::broker {
namespace {

constexpr size_t kMostSlots = 256;              // requests of a connection that wait for their answers
constexpr uint64_t kMostOutputBytes = 4 << 20;  // in memory, of a client that does not read
constexpr size_t kFreeBytes = 64 << 10;         // a request of this size needs nobody's leave
constexpr int64_t kMostSilenceInRequestMs = 30'000;
constexpr std::chrono::milliseconds kMemoryRetry(20);

}  // namespace

Connection::Connection(boost::asio::ip::tcp::socket socket, Broker& broker, Peer peer, uint32_t most_request_bytes,
                       UnfinishedBytes& unfinished)
    : socket_(std::move(socket)),
      memory_timer_(socket_.get_executor()),
      broker_(broker),
      peer_(std::move(peer)),
      unfinished_(unfinished),
      input_(most_request_bytes),
      last_heard_ms_(broker.clock().steady_ms()) {}

Connection::~Connection() { unfinished_.used -= memory_taken_; }

void Connection::start() {
  boost::asio::dispatch(socket_.get_executor(), [self = shared_from_this()] { self->read(); });
}

void Connection::close() {
  AsioError ignored;
  socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  memory_timer_.cancel();
}

bool Connection::may_read() const {
  return !is_closing_ && slots_.size() < kMostSlots && output_.memory_bytes() < kMostOutputBytes;
}

// A large request takes all that it will need before the rest of it is read, so that what has begun can come to its
// end. One alone is never refused.
bool Connection::take_memory() {
  if (memory_taken_ > 0 || input_.frame_bytes() <= kFreeBytes) return true;
  const uint64_t wanted = input_.frame_bytes();
  const uint64_t others = unfinished_.used.fetch_add(wanted);
  if (others > 0 && others + wanted > unfinished_.most) {
    unfinished_.used -= wanted;
    return false;
  }
  memory_taken_ = wanted;
  return true;
}

void Connection::give_memory_back() {
  unfinished_.used -= std::exchange(memory_taken_, 0);
  if (input_.capacity() > kFreeBytes) input_.release();
}

void Connection::wait_for_memory() {
  memory_timer_.expires_after(kMemoryRetry);
  memory_timer_.async_wait([self = shared_from_this()](const AsioError& error) {
    self->is_reading_ = false;
    if (!error && !self->is_closed()) self->read();
  });
}

// Between requests no buffer is held out to the socket, so that an idle connection can give up its memory.
void Connection::read() {
  if (is_reading_ || is_closed() || !may_read()) return;
  is_reading_ = true;
  if (!input_.is_within_frame()) {
    socket_.async_wait(boost::asio::ip::tcp::socket::wait_read,
                       [self = shared_from_this()](const AsioError& error) { self->read_some(error); });
    return;
  }
  const std::span<char> space = input_.space();
  if (!take_memory()) return wait_for_memory();
  socket_.async_read_some(
      boost::asio::buffer(space.data(), space.size()),
      [self = shared_from_this()](const AsioError& error, size_t count) { self->have_read(error, count); });
}

void Connection::read_some(const AsioError& ready) {
  if (ready) return have_read(ready, 0);
  const std::span<char> space = input_.space();
  AsioError error;
  const size_t count = socket_.read_some(boost::asio::buffer(space.data(), space.size()), error);
  have_read(error == boost::asio::error::would_block ? AsioError() : error, count);
}

void Connection::have_read(const AsioError& error, size_t count) {
  is_reading_ = false;
  if (error) return close();
  last_heard_ms_ = broker_.clock().steady_ms();
  input_.filled(count);
  proceed();
}

// Does all that can be done now: answers that go out make room for requests that have come.
void Connection::proceed() {
  if (is_proceeding_) return;
  is_proceeding_ = true;
  do {
    handle_frames();
    send();
  } while (is_paused_ && may_read() && !is_closed());
  if (is_closing_ && closes(slots_.front()) && output_.is_empty()) close();
  is_proceeding_ = false;
  read();
}

void Connection::handle_frames() {
  while (!is_closed() && may_read()) {
    const auto frame = input_.next();
    if (!frame) return close();
    if (!*frame) break;
    handle_frame(**frame);
    give_memory_back();
  }
  is_paused_ = !may_read();
}

void Connection::handle_frame(std::span<char> frame) {
  const uint64_t number = first_slot_ + slots_.size();
  slots_.emplace_back();
  const auto handled =
      dispatch(broker_, peer_, frame, [weak = weak_from_this(), number](std::optional<Answer> answer) mutable {
        const auto self = weak.lock();
        if (self == nullptr) return;
        auto deliver = [self, number, answer = std::move(answer)]() mutable {
          self->answered(number, std::move(answer));
        };
        boost::asio::dispatch(self->socket_.get_executor(), std::move(deliver));
      });
  if (!handled) close();
}

void Connection::answered(uint64_t number, std::optional<Answer> answer) {
  slots_[number - first_slot_] = {true, std::move(answer)};
  is_closing_ |= closes(slots_[number - first_slot_]);
  while (!slots_.empty() && slots_.front().is_answered && !closes(slots_.front())) {
    if (slots_.front().answer) output_.push(*std::move(slots_.front().answer));
    slots_.pop_front();
    ++first_slot_;
  }
  proceed_soon();
}

// After what is to be done already: answers that one sync has made durable go out together.
void Connection::proceed_soon() {
  if (is_proceeding_ || std::exchange(is_proceeding_soon_, true)) return;
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->is_proceeding_soon_ = false;
    self->proceed();
  });
}

void Connection::send() {
  if (is_sending_ || is_closed()) return;
  const auto progress = output_.send_to(socket_.native_handle());
  if (!progress) return close();
  if (*progress == OutputQueue::Progress::kDone) return;
  is_sending_ = true;
  auto go_on = [self = shared_from_this()](const AsioError& error = {}) {
    self->is_sending_ = false;
    if (error) return self->close();
    self->proceed();
  };
  if (*progress == OutputQueue::Progress::kFull) {
    socket_.async_wait(boost::asio::ip::tcp::socket::wait_write, std::move(go_on));
  } else {
    boost::asio::post(socket_.get_executor(), [go_on = std::move(go_on)] { go_on(); });
  }
}

void Connection::look_after(int64_t now_ms, int64_t most_idle_ms) {
  const bool waits_for_us = !slots_.empty() || !output_.is_empty();
  const int64_t silence_ms = now_ms - last_heard_ms_;
  if (input_.is_within_frame() && may_read() && silence_ms > kMostSilenceInRequestMs) return close();
  if (!waits_for_us && silence_ms > most_idle_ms) return close();
  if (silence_ms > kMostSilenceInRequestMs) input_.release();
}

}  // namespace omashu::broker
