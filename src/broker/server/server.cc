#include "broker/server/server.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "broker/handler/broker.h"
#include "broker/server/connection.h"

namespace omashu::broker {
namespace {

using boost::asio::ip::tcp;
using AsioError = boost::system::error_code;

constexpr std::chrono::seconds kLookAfterEvery(10);
constexpr std::chrono::milliseconds kAcceptAgainAfter(100);  // when there was no file descriptor left

// A thread, the sockets that it serves, and the connections on them.
class Worker {
 public:
  Worker(Broker& broker, int64_t most_idle_ms)
      : broker_(broker), most_idle_ms_(most_idle_ms), work_(context_.get_executor()), timer_(context_) {}

  boost::asio::io_context& context() { return context_; }

  void start() {
    thread_ = std::thread([this] { context_.run(); });
  }

  // In the worker's thread.
  void add(std::shared_ptr<Connection> connection) {
    if (is_stopping_) return connection->close();
    connection->start();
    connections_.push_back(std::move(connection));
    if (connections_.size() == 1) look_after_connections();
  }

  // The thread ends when nothing is left to do.
  void stop() {
    boost::asio::post(context_, [this] {
      is_stopping_ = true;
      for (const auto& connection : connections_) connection->close();
      timer_.cancel();
      work_.reset();
    });
    if (thread_.joinable()) thread_.join();
  }

 private:
  // Only while there are any, so that a broker without clients does nothing at all.
  void look_after_connections() {
    std::erase_if(connections_, [](const auto& connection) { return connection->is_closed(); });
    if (connections_.empty()) return;
    const int64_t now_ms = broker_.clock().steady_ms();
    for (const auto& connection : connections_) connection->look_after(now_ms, most_idle_ms_);
    timer_.expires_after(kLookAfterEvery);
    timer_.async_wait([this](const AsioError& error) {
      if (!error) look_after_connections();
    });
  }

  Broker& broker_;
  const int64_t most_idle_ms_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  std::vector<std::shared_ptr<Connection>> connections_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace

class Server::Impl {
 public:
  Impl(Broker& broker, ServerOptions options) : broker_(broker), options_(std::move(options)) {
    unfinished_.most = options_.most_unfinished_bytes;
    for (size_t i = 0; i < std::max<size_t>(options_.threads, 1); ++i) {
      workers_.push_back(std::make_unique<Worker>(broker, options_.most_idle_ms));
    }
    acceptor_.emplace(workers_.front()->context());
    accept_timer_.emplace(workers_.front()->context());
  }

  Result<void> listen() {
    AsioError error;
    const auto address = boost::asio::ip::make_address(options_.listen.host, error);
    if (error) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{} is no address to listen on", options_.listen.host));
    }
    const tcp::endpoint endpoint(address, options_.listen.port);
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(boost::asio::socket_base::max_listen_connections, error);
    if (error) {
      return fail(error == boost::asio::error::address_in_use ? ErrorCode::kAlreadyExists : ErrorCode::kIo,
                  fmt::format("listening on {}:{}: {}", options_.listen.host, options_.listen.port, error.message()));
    }
    advertised_.host = options_.advertised_host.empty() ? options_.listen.host : options_.advertised_host;
    advertised_.port = acceptor_->local_endpoint(error).port();
    return {};
  }

  void start() {
    accept();
    for (const auto& worker : workers_) worker->start();
  }

  void stop() {
    if (is_stopped_) return;
    is_stopped_ = true;
    boost::asio::post(workers_.front()->context(), [this] {
      AsioError ignored;
      acceptor_->close(ignored);
      accept_timer_->cancel();
    });
    // The first worker accepts for the others: once it has ended, they get no more connections.
    for (const auto& worker : workers_) worker->stop();
  }

  const Endpoint& advertised() const { return advertised_; }

 private:
  void accept() {
    Worker& worker = *workers_[next_worker_++ % workers_.size()];
    acceptor_->async_accept(worker.context(), [this, &worker](const AsioError& error, tcp::socket socket) {
      if (error == boost::asio::error::operation_aborted) return;
      if (error) return accept_later();
      open(worker, std::move(socket));
      accept();
    });
  }

  void accept_later() {
    accept_timer_->expires_after(kAcceptAgainAfter);
    accept_timer_->async_wait([this](const AsioError& error) {
      if (!error) accept();
    });
  }

  void open(Worker& worker, tcp::socket socket) {
    AsioError error;
    const auto remote = socket.remote_endpoint(error);
    if (!error) socket.set_option(tcp::no_delay(true), error);
    if (!error) socket.non_blocking(true, error);
    if (error) return;  // it is gone again
    Peer peer{.host = remote.address().to_string(), .advertised = advertised_};
    auto connection = std::make_shared<Connection>(std::move(socket), broker_, std::move(peer),
                                                   options_.most_request_bytes, unfinished_);
    boost::asio::post(worker.context(),
                      [&worker, connection = std::move(connection)]() mutable { worker.add(std::move(connection)); });
  }

  Broker& broker_;
  const ServerOptions options_;
  Endpoint advertised_;
  UnfinishedBytes unfinished_;  // outlives the connections
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<boost::asio::steady_timer> accept_timer_;
  size_t next_worker_ = 0;
  bool is_stopped_ = false;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { stop(); }

Result<std::unique_ptr<Server>> Server::start(Broker& broker, ServerOptions options) {
  auto impl = std::make_unique<Impl>(broker, std::move(options));
  if (auto listening = impl->listen(); !listening) return fail(std::move(listening).error());
  impl->start();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const Endpoint& Server::advertised() const { return impl_->advertised(); }

void Server::stop() { impl_->stop(); }

}  // namespace omashu::broker
