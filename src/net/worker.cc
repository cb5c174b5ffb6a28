#include "net/worker.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

#include "base/thread_signals.h"

namespace omashu::net {

namespace {

// While the server stops: how soon it is noticed that the last connection is gone.
constexpr std::chrono::milliseconds kLastTick{5};

}  // namespace

Worker::Worker(std::chrono::milliseconds tick, std::function<Clock::time_point()> now)
    : tick_every_(tick), now_(std::move(now)), io_(1), tick_timer_(io_), guard_(boost::asio::make_work_guard(io_)) {}

void Worker::run() {
  thread_ = std::thread([this] {
    block_signals();
    io_.run();
  });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::add(std::shared_ptr<Connection> connection) {
  boost::asio::post(io_, [this, connection = std::move(connection)] { start(connection); });
}

void Worker::start(const std::shared_ptr<Connection>& connection) {
  connections_.push_back(connection);
  connection->start();
  if (is_finishing_) connection->finish();
  if (!std::exchange(is_ticking_, true)) wait_for_tick();
}

void Worker::finish(std::chrono::milliseconds patience) {
  boost::asio::post(io_, [this, by = Clock::now() + patience] {
    is_finishing_ = true;
    finish_by_ = by;
    each([](Connection& connection) { connection.finish(); });
    guard_.reset();
    tick_timer_.cancel();
  });
}

template <class Visit>
void Worker::each(Visit&& visit) {
  std::erase_if(connections_, [&](const std::weak_ptr<Connection>& weak) {
    const std::shared_ptr<Connection> connection = weak.lock();
    if (connection != nullptr) visit(*connection);
    return connection == nullptr;
  });
}

// Only while there are connections, so that a server without clients does nothing at all.
void Worker::wait_for_tick() {
  tick_timer_.expires_after(is_finishing_ ? kLastTick : tick_every_);
  tick_timer_.async_wait([this](const boost::system::error_code&) { tick(); });
}

void Worker::tick() {
  if (Clock::now() >= finish_by_) {
    each([](Connection& connection) { connection.close(); });
    // Where a request is never answered, there is nothing to wait for any more.
    return io_.stop();
  }
  const Clock::time_point now = now_();
  each([&](Connection& connection) { connection.on_tick(now); });
  is_ticking_ = !connections_.empty();
  if (is_ticking_) wait_for_tick();
}

}  // namespace omashu::net
