#include "broker/server/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cassert>
#include <chrono>
#include <utility>

#include "broker/handler/broker.h"
#include "broker/handler/dispatch.h"

namespace omashu::broker {
namespace {

constexpr size_t kMaxPendingRequests = 256;    // of a connection
constexpr uint64_t kMaxOutputBytes = 4 << 20;  // in memory, of a client that does not read
constexpr size_t kFreeBytes = 64 << 10;        // a request of up to this size needs no share of the memory
constexpr std::chrono::milliseconds kMemoryRetry(20);

// A request that has begun is given up when nothing of it has come for this long, or when it comes more slowly than
// this on average, with this much time in advance: it may hold a large share of the memory.
constexpr std::chrono::seconds kMaxSilenceInRequest(30);
constexpr int64_t kMinBytesPerSecond = 1024;

}  // namespace

net::Clock::time_point ConnectionContext::now() const {
  return net::Clock::time_point(std::chrono::milliseconds(broker.clock().steady_ms()));
}

Connection::Connection(net::Socket socket, Peer peer, const ConnectionContext& context)
    : net::Connection(context.now()),
      socket_(std::move(socket)),
      memory_timer_(socket_.get_executor()),
      context_(context),
      peer_(std::move(peer)),
      input_(context.max_request_bytes),
      memory_(context.memory),
      last_read_(context.now()) {}

void Connection::start() {
  self_ = shared_from_this();
  read();
}

void Connection::close() {
  AsioError ignored;
  socket_.shutdown(net::Socket::shutdown_both, ignored);
  socket_.close(ignored);
  memory_timer_.cancel();
  leave_table();
  self_.reset();
}

bool Connection::may_read() const {
  return !is_closing_ && !is_in_executor_ && pending_requests_.size() < kMaxPendingRequests &&
         output_.memory_bytes() < kMaxOutputBytes;
}

// A large request takes all that it will need before the rest of it is read, so that what has begun can come to its
// end.
bool Connection::take_memory() { return input_.frame_bytes() <= kFreeBytes || memory_.take(input_.frame_bytes()); }

void Connection::release_memory() {
  memory_.release();
  if (input_.capacity() > kFreeBytes) input_.release();
}

void Connection::wait_for_memory() {
  is_waiting_for_memory_ = true;
  memory_timer_.expires_after(kMemoryRetry);
  memory_timer_.async_wait([self = shared_from_this()](const AsioError& error) {
    self->is_reading_ = false;
    if (!error && self->is_open()) self->read();
  });
}

// Between requests no buffer is held out to the socket, so that an idle connection can give up its memory.
void Connection::read() {
  if (is_reading_ || !is_open() || !may_read()) return;
  is_reading_ = true;
  if (!input_.is_within_frame()) {
    socket_.async_wait(net::Socket::wait_read,
                       [self = shared_from_this()](const AsioError& error) { self->read_some(error); });
    return;
  }
  const std::span<char> space = input_.space();
  if (!take_memory()) return wait_for_memory();
  if (std::exchange(is_waiting_for_memory_, false)) frame_begun_ = last_read_ = context_.now();
  socket_.async_read_some(
      boost::asio::buffer(space.data(), space.size()),
      [self = shared_from_this()](const AsioError& error, size_t count) { self->on_read(error, count); });
}

void Connection::read_some(const AsioError& ready) {
  if (ready) return on_read(ready, 0);
  const std::span<char> space = input_.space();
  AsioError error;
  const size_t count = socket_.read_some(boost::asio::buffer(space.data(), space.size()), error);
  on_read(error == boost::asio::error::would_block ? AsioError() : error, count);
}

void Connection::on_read(const AsioError& error, size_t count) {
  is_reading_ = false;
  if (error) return close();
  last_read_ = context_.now();
  input_.filled(count);
  handle_pending_frames();
}

// Does all that can be done now: answers that go out make room for requests that have come.
void Connection::handle_pending_frames() {
  if (is_handling_) return;
  is_handling_ = true;
  do {
    handle_frames();
    update_turn();
    send();
  } while (is_paused_ && may_read() && is_open());
  if (is_closing_ && pending_requests_.front().closes_connection() && output_.is_empty()) close();
  is_handling_ = false;
  read();
}

// After what is to be done already: answers that one sync has made durable go out together.
void Connection::handle_pending_frames_soon() {
  if (is_handling_ || std::exchange(is_handling_soon_, true)) return;
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->is_handling_soon_ = false;
    self->handle_pending_frames();
  });
}

void Connection::handle_frames() {
  while (is_open() && may_read()) {
    const auto frame = input_.next();
    if (!frame) return close();
    if (!*frame) break;
    handle_frame(**frame);
    if (!is_in_executor_) release_memory();
    frame_begun_.reset();
  }
  if (!frame_begun_ && input_.is_within_frame()) frame_begun_ = last_read_;
  is_paused_ = !may_read();
}

void Connection::handle_frame(std::span<char> frame) {
  const uint64_t number = first_pending_number_ + pending_requests_.size();
  pending_requests_.emplace_back();
  auto send = [weak = weak_from_this(), number](std::optional<Answer> answer) mutable {
    const auto self = weak.lock();
    if (self == nullptr) return;
    auto deliver = [self, number, answer = std::move(answer)]() mutable { self->on_answer(number, std::move(answer)); };
    boost::asio::dispatch(self->socket_.get_executor(), std::move(deliver));
  };
  auto handled = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      boost::asio::post(self->socket_.get_executor(), [self] { self->on_handled_in_executor(); });
    }
  };
  const auto dispatched = dispatch(context_.broker, peer_, frame, std::move(send), std::move(handled));
  if (!dispatched) return close();
  is_in_executor_ = *dispatched == Dispatched::kInExecutor;
}

void Connection::on_handled_in_executor() {
  is_in_executor_ = false;
  if (!is_open()) return;
  release_memory();
  handle_pending_frames();
}

void Connection::on_answer(uint64_t number, std::optional<Answer> answer) {
  assert(number >= first_pending_number_ && number - first_pending_number_ < pending_requests_.size());
  PendingRequest& request = pending_requests_[number - first_pending_number_];
  assert(!request.is_answered);
  request = {true, std::move(answer)};
  is_closing_ |= request.closes_connection();
  while (!pending_requests_.empty()) {
    PendingRequest& first = pending_requests_.front();
    if (!first.is_answered || first.closes_connection()) break;
    if (first.answer) output_.push(*std::move(first.answer));
    pending_requests_.pop_front();
    ++first_pending_number_;
  }
  has_answered_ = true;
  handle_pending_frames_soon();
}

// It is the client's turn where no request of it is being worked on: before the answer goes out, so that whatever a
// client does after it comes later.
void Connection::update_turn() {
  if (!pending_requests_.empty()) {
    begin_server_turn();
  } else if (std::exchange(has_answered_, false)) {
    begin_client_turn(context_.now());
  }
}

void Connection::send() {
  if (is_sending_ || !is_open()) return;
  const auto progress = output_.send_to(socket_.native_handle());
  if (!progress) return close();
  if (*progress == OutputQueue::Progress::kDone) return;
  is_sending_ = true;
  auto go_on = [self = shared_from_this()](const AsioError& error = {}) {
    self->is_sending_ = false;
    if (error) return self->close();
    self->handle_pending_frames();
  };
  if (*progress == OutputQueue::Progress::kFull) {
    socket_.async_wait(net::Socket::wait_write, std::move(go_on));
  } else {
    boost::asio::post(socket_.get_executor(), [go_on = std::move(go_on)] { go_on(); });
  }
}

bool Connection::is_too_slow(net::Clock::time_point now) const {
  if (!frame_begun_ || is_waiting_for_memory_ || !may_read()) return false;
  if (now - last_read_ > kMaxSilenceInRequest) return true;
  const std::chrono::seconds needed(static_cast<int64_t>(input_.received_bytes()) / kMinBytesPerSecond);
  return now - *frame_begun_ > kMaxSilenceInRequest + needed;
}

bool Connection::is_idle_too_long(net::Clock::time_point now) const {
  return pending_requests_.empty() && output_.is_empty() && now - last_read_ > context_.max_idle;
}

void Connection::on_tick(net::Clock::time_point now) {
  if (is_too_slow(now) || is_idle_too_long(now)) return close();
  if (now - last_read_ > kMaxSilenceInRequest) input_.release();
}

}  // namespace omashu::broker
