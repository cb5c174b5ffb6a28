#include "http/server.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "http/login_queue.h"
#include "http/socket_connection.h"
#include "net/listen_address.h"
#include "net/server.h"
#include "net/tls_context.h"

namespace omashu::http {

namespace {

Response plain_error(int status, std::string_view message) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::string(message) + "\n"};
}

size_t threads_of(const ServerOptions& options) {
  if (options.threads > 0) return static_cast<size_t>(options.threads);
  return std::max(std::thread::hardware_concurrency(), 1U);
}

class NetServer : public Server {
 public:
  explicit NetServer(ServerOptions options) {
    if (!options.error_response) options.error_response = plain_error;
    service_.memory = std::make_unique<net::MemoryBudget>(options.max_unfinished_bytes);
    service_.options = std::move(options);
  }

  ~NetServer() override { stop(); }

  Result<void> listen() {
    const ServerOptions& options = service_.options;
    auto tls = net::make_tls_context(options.tls);
    if (!tls) return fail(std::move(tls.error()));
    tls_ = *std::move(tls);
    const auto address = net::parse_listen_address(options.address);
    if (!address) return fail(address.error());
    server_.emplace(net::ServerOptions{.name = options.name,
                                       .threads = threads_of(options),
                                       .max_connections = options.max_connections,
                                       .now = options.now,
                                       .report = options.report});
    auto bound = server_->listen(*address, [this](net::Socket socket, net::Clock::time_point now) {
      return make_connection(std::move(socket), now, tls_.get(), service_);
    });
    if (!bound) return fail(std::move(bound.error()));
    address_ = net::address_text(*bound);
    host_check_ = HostCheck(*bound, options.host_names);
    return {};
  }

  void serve(Router router) override {
    service_.gate.emplace(service_.options, host_check_, std::move(router));
    if (service_.options.authenticator != nullptr) {
      logins_.emplace(*service_.options.authenticator);
      service_.check_login = [this](std::string header, LoginQueue::Done done) {
        return logins_->submit(std::move(header), std::move(done));
      };
    }
    server_->start();
    is_serving_ = true;
  }

  std::string address() const override { return address_; }
  std::string url() const override { return (tls_ == nullptr ? "http://" : "https://") + address_; }

  void stop() override {
    if (!service_.is_draining.exchange(true) && is_serving_) std::this_thread::sleep_for(service_.options.drain_time);
    if (server_) server_->stop(service_.options.stop_timeout);
    logins_.reset();
  }

 private:
  Service service_;
  std::unique_ptr<boost::asio::ssl::context> tls_;
  std::string address_;
  HostCheck host_check_;
  std::optional<net::Server> server_;
  std::optional<LoginQueue> logins_;  // calls back into connections of the server
  std::atomic<bool> is_serving_ = false;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::bind(ServerOptions options) {
  auto server = std::make_unique<NetServer>(std::move(options));
  if (auto listening = server->listen(); !listening) return fail(std::move(listening.error()));
  return server;
}

}  // namespace omashu::http
