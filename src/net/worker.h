// A thread of a server, and the connections that live on it.

#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "net/connection.h"

namespace omashu::net {

using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;

class Worker {
 public:
  Worker(std::chrono::milliseconds tick, std::function<Clock::time_point()> now);

  boost::asio::io_context& io() { return io_; }

  void run();

  // Starts the connection, on this worker's thread. From any thread.
  void add(std::shared_ptr<Connection> connection);

  // Ends all connections, and the thread when they are gone or `patience` is over. From any thread, once.
  void finish(std::chrono::milliseconds patience);

  void join();

 private:
  template <class Visit>
  void each(Visit&& visit);

  void start(const std::shared_ptr<Connection>& connection);
  void wait_for_tick();
  void tick();

  const std::chrono::milliseconds tick_every_;
  const std::function<Clock::time_point()> now_;
  boost::asio::io_context io_;
  Timer tick_timer_;
  boost::asio::executor_work_guard<Executor> guard_;

  // Of the thread.
  std::vector<std::weak_ptr<Connection>> connections_;
  bool is_ticking_ = false;
  bool is_finishing_ = false;
  Clock::time_point finish_by_ = Clock::time_point::max();

  std::thread thread_;  // the last: it uses all of the above
};

}  // namespace omashu::net
