#include "http/server.h"

#include <fmt/core.h>
#include <signal.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "http/connection.h"
#include "http/listen_address.h"
#include "http/login_queue.h"
#include "http/tls_context.h"

namespace omashu::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

// How often connections are looked at for those that are late, or, at the end, gone.
constexpr std::chrono::milliseconds kTick{500};
constexpr std::chrono::milliseconds kLastTick{5};

// After an accept that failed, as it does without file descriptors.
constexpr std::chrono::milliseconds kAcceptPause{100};

Response plain_error(int status, std::string_view message) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::string(message) + "\n"};
}

// A thread, and the connections that live on it.
class Worker {
 public:
  Worker() : io_(1), tick_(io_), guard_(asio::make_work_guard(io_)) {}

  asio::io_context& io() { return io_; }

  void run() {
    thread_ = std::thread([this] {
      sigset_t all;
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the program's own threads
      io_.run();
    });
  }

  // On this worker's thread.
  void add(const std::shared_ptr<Connection>& connection) {
    connections_.push_back(connection);
    if (is_finishing_) connection->finish();
    connection->start();
    if (!std::exchange(is_ticking_, true)) tick();
  }

  // Runs out when the last connection is gone; those that are left at `deadline` are closed.
  void finish(Clock::time_point deadline) {
    asio::post(io_, [this, deadline] {
      is_finishing_ = true;
      finish_by_ = deadline;
      each([](Connection& connection) { connection.finish(); });
      guard_.reset();
      tick_.cancel();
    });
  }

  void join() { thread_.join(); }

 private:
  template <class Visit>
  void each(Visit&& visit) {
    std::erase_if(connections_, [&](const std::weak_ptr<Connection>& weak) {
      const std::shared_ptr<Connection> connection = weak.lock();
      if (connection != nullptr) visit(*connection);
      return connection == nullptr;
    });
  }

  void tick() {
    tick_.expires_after(is_finishing_ ? kLastTick : kTick);
    tick_.async_wait([this](const error_code&) {
      const Clock::time_point now = Clock::now();
      each([&](Connection& connection) {
        if (now >= std::min(connection.deadline(), finish_by_)) connection.close();
      });
      // Where the handler of a late request never answers, there is nothing to wait for any more.
      if (now >= finish_by_) return io_.stop();
      is_ticking_ = !connections_.empty();
      if (is_ticking_) tick();
    });
  }

  asio::io_context io_;
  Timer tick_;
  asio::executor_work_guard<Executor> guard_;
  std::thread thread_;

  // Of the thread.
  std::vector<std::weak_ptr<Connection>> connections_;
  bool is_ticking_ = false;
  bool is_finishing_ = false;
  Clock::time_point finish_by_ = Clock::time_point::max();
};

class AsioServer : public Server {
 public:
  explicit AsioServer(ServerOptions options) {
    options.threads = std::max(options.threads, 1);
    if (!options.error_response) options.error_response = plain_error;
    service_.options = std::move(options);
    for (int i = 0; i < service_.options.threads; ++i) workers_.push_back(std::make_unique<Worker>());
    acceptor_.emplace(workers_.front()->io());
    accept_pause_.emplace(workers_.front()->io());
  }

  ~AsioServer() override { stop(); }

  Result<void> listen() {
    Result<std::unique_ptr<asio::ssl::context>> tls = make_tls_context(service_.options.tls);
    if (!tls) return fail(std::move(tls.error()));
    tls_ = *std::move(tls);
    const Result<ListenAddress> address = parse_listen_address(service_.options.address);
    if (!address) return fail(address.error());
    const Result<tcp::endpoint> endpoint = resolve(*address);
    if (!endpoint) return fail(endpoint.error());
    error_code error;
    acceptor_->open(endpoint->protocol(), error);
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(*endpoint, error);
    if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return fail(ErrorCode::kIo, fmt::format("cannot listen on {}: {}", service_.options.address, error.message()));
    }
    address_ = address_text({address->host, acceptor_->local_endpoint().port()});
    return {};
  }

  void serve(Router router) override {
    service_.router = std::move(router);
    if (service_.options.authenticator != nullptr) {
      logins_.emplace(*service_.options.authenticator);
      service_.check_login = [this](std::string header, LoginQueue::Done done) {
        return logins_->submit(std::move(header), std::move(done));
      };
    }
    accept();
    for (const auto& worker : workers_) worker->run();
    is_running_ = true;
  }

  std::string address() const override { return address_; }
  std::string url() const override { return (tls_ == nullptr ? "http://" : "https://") + address_; }

  void stop() override {
    if (!std::exchange(is_running_, false)) return;
    asio::post(workers_.front()->io(), [this] {
      error_code ignored;
      is_accepting_ = false;
      accept_pause_->cancel();
      acceptor_->close(ignored);
    });
    const Clock::time_point deadline = Clock::now() + service_.options.stop_timeout;
    for (const auto& worker : workers_) worker->finish(deadline);
    for (const auto& worker : workers_) worker->join();
    logins_.reset();
  }

 private:
  Result<tcp::endpoint> resolve(const ListenAddress& address) {
    error_code error;
    asio::ip::basic_resolver<tcp, Executor> resolver(workers_.front()->io());
    const auto found = resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
    if (error || found.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("cannot listen on {}: {}", service_.options.address, error.message()));
    }
    return found.begin()->endpoint();
  }

  // Goes on for ever, but for a pause where there are as many connections as may be. On the first worker's thread.
  void accept() {
    if (connections_ >= service_.options.max_connections) return pause_accepting();
    Worker& worker = *workers_[next_worker_++ % workers_.size()];
    acceptor_->async_accept(worker.io(), [this, &worker](const error_code& error, Socket socket) {
      if (!is_accepting_) return;
      if (error) return pause_accepting();
      ++connections_;
      asio::post(worker.io(), [this, &worker, socket = std::move(socket)]() mutable {
        worker.add(make_connection(std::move(socket), tls_.get(), service_, [this] { --connections_; }));
      });
      accept();
    });
  }

  void pause_accepting() {
    accept_pause_->expires_after(kAcceptPause);
    accept_pause_->async_wait([this](const error_code& error) {
      if (!error && is_accepting_) accept();
    });
  }

  Service service_;
  std::unique_ptr<asio::ssl::context> tls_;
  std::string address_;
  std::atomic<size_t> connections_ = 0;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<LoginQueue> logins_;
  bool is_running_ = false;

  // Of the first worker's thread.
  std::optional<Acceptor> acceptor_;
  std::optional<Timer> accept_pause_;
  size_t next_worker_ = 0;
  bool is_accepting_ = true;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::bind(ServerOptions options) {
  auto server = std::make_unique<AsioServer>(std::move(options));
  if (auto listening = server->listen(); !listening) return fail(std::move(listening.error()));
  return server;
}

}  // namespace omashu::http
