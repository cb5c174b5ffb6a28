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

// An acceptor, and what clients that come through it are told.
struct Listener {
  Listener(boost::asio::io_context& context, Endpoint advertised_endpoint)
      : acceptor(context), timer(context), advertised(std::move(advertised_endpoint)) {}

  tcp::acceptor acceptor;
  boost::asio::steady_timer timer;  // until it accepts again
  Endpoint advertised;
};

Result<void> bind_and_listen(tcp::acceptor& acceptor, const Endpoint& listen) {
  AsioError error;
  const auto address = boost::asio::ip::make_address(listen.host, error);
  if (error) return fail(ErrorCode::kInvalidArgument, fmt::format("{} is no address to listen on", listen.host));
  const tcp::endpoint endpoint(address, listen.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  return fail(error == boost::asio::error::address_in_use ? ErrorCode::kAlreadyExists : ErrorCode::kIo,
              fmt::format("listening on {}:{}: {}", listen.host, listen.port, error.message()));
}

}  // namespace

class Server::Impl {
 public:
  Impl(Broker& broker, ServerOptions options) : broker_(broker), options_(std::move(options)) {
    unfinished_.most = options_.most_unfinished_bytes;
    for (size_t i = 0; i < std::max<size_t>(options_.threads, 1); ++i) {
      workers_.push_back(std::make_unique<Worker>(broker, options_.most_idle_ms));
    }
  }

  Result<void> listen() {
    for (const ListenerOptions& options : options_.listeners) {
      auto listener = std::make_unique<Listener>(workers_.front()->context(), options.advertised);
      if (auto listening = bind_and_listen(listener->acceptor, options.listen); !listening) return listening;
      AsioError ignored;
      if (listener->advertised.host.empty()) listener->advertised.host = options.listen.host;
      if (listener->advertised.port == 0) listener->advertised.port = listener->acceptor.local_endpoint(ignored).port();
      advertised_.push_back(listener->advertised);
      listeners_.push_back(std::move(listener));
    }
    return {};
  }

  void start() {
    for (const auto& listener : listeners_) accept(*listener);
    for (const auto& worker : workers_) worker->start();
  }

  void stop() {
    if (is_stopped_) return;
    is_stopped_ = true;
    boost::asio::post(workers_.front()->context(), [this] {
      AsioError ignored;
      for (const auto& listener : listeners_) {
        listener->acceptor.close(ignored);
        listener->timer.cancel();
      }
    });
    // The first worker accepts for the others: once it has ended, they get no more connections.
    for (const auto& worker : workers_) worker->stop();
  }

  const std::vector<Endpoint>& advertised() const { return advertised_; }

 private:
  void accept(Listener& listener) {
    Worker& worker = *workers_[next_worker_++ % workers_.size()];
    listener.acceptor.async_accept(worker.context(),
                                   [this, &listener, &worker](const AsioError& error, tcp::socket socket) {
                                     if (error == boost::asio::error::operation_aborted) return;
                                     if (error) return accept_later(listener);
                                     open(worker, std::move(socket), listener.advertised);
                                     accept(listener);
                                   });
  }

  void accept_later(Listener& listener) {
    listener.timer.expires_after(kAcceptAgainAfter);
    listener.timer.async_wait([this, &listener](const AsioError& error) {
      if (!error) accept(listener);
    });
  }

  void open(Worker& worker, tcp::socket socket, const Endpoint& advertised) {
    AsioError error;
    const auto remote = socket.remote_endpoint(error);
    if (!error) socket.set_option(tcp::no_delay(true), error);
    if (!error) socket.non_blocking(true, error);
    if (error) return;  // it is gone again
    Peer peer{.host = remote.address().to_string(), .advertised = advertised};
    auto connection = std::make_shared<Connection>(std::move(socket), broker_, std::move(peer),
                                                   options_.most_request_bytes, unfinished_);
    boost::asio::post(worker.context(),
                      [&worker, connection = std::move(connection)]() mutable { worker.add(std::move(connection)); });
  }

  Broker& broker_;
  const ServerOptions options_;
  std::vector<Endpoint> advertised_;
  UnfinishedBytes unfinished_;  // outlives the connections
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<Listener>> listeners_;  // on the first worker
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

const std::vector<Endpoint>& Server::advertised() const { return impl_->advertised(); }

void Server::stop() { impl_->stop(); }

}  // namespace omashu::broker
