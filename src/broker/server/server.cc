#include "broker/server/server.h"

#include <fmt/core.h>

#include <string>
#include <utility>

#include "broker/handler/broker.h"
#include "broker/server/connection.h"
#include "net/server.h"

namespace omashu::broker {
namespace {

constexpr std::chrono::seconds kStopPatience(
    10);  // connections are closed at once, and gone as soon as that is noticed

}  // namespace

class Server::Impl {
 public:
  Impl(Broker& broker, ServerOptions options)
      : options_(std::move(options)),
        memory_(options_.max_unfinished_bytes),
        context_{.broker = broker,
                 .memory = memory_,
                 .max_request_bytes = options_.max_request_bytes,
                 .max_idle = std::chrono::milliseconds(options_.max_idle_ms)},
        server_({.name = "the broker",
                 .threads = options_.threads,
                 .max_connections = options_.max_connections,
                 .tick = options_.tick,
                 .now = [&context = context_] { return context.now(); },
                 .report = options_.report}) {}

  Result<void> listen() {
    advertised_.reserve(options_.listeners.size());  // the listeners keep references
    for (const ListenerOptions& options : options_.listeners) {
      Endpoint& advertised = advertised_.emplace_back(options.advertised);
      auto bound = server_.listen({.host = options.listen.host, .port = options.listen.port},
                                  [this, &options, &advertised](net::Socket socket, net::Clock::time_point) {
                                    return make_connection(std::move(socket), options.name, advertised);
                                  });
      if (!bound) return fail(std::move(bound).error());
      if (advertised.host.empty()) advertised.host = options.listen.host;
      if (advertised.port == 0) advertised.port = bound->port;
      listen_ports_.push_back(bound->port);
    }
    return {};
  }

  // What tools ask the broker for in DescribeConfigs.
  void describe(BrokerConfigs& configs) const {
    std::string listeners, advertised;
    for (size_t i = 0; i < options_.listeners.size(); ++i) {
      const ListenerOptions& listener = options_.listeners[i];
      const char* comma = i == 0 ? "" : ",";
      listeners += fmt::format("{}{}://{}:{}", comma, listener.name, listener.listen.host, listen_ports_[i]);
      advertised += fmt::format("{}{}://{}:{}", comma, listener.name, advertised_[i].host, advertised_[i].port);
    }
    configs.set_option("listeners", std::move(listeners));
    configs.set_option("advertised.listeners", std::move(advertised));
    configs.set_option("num.network.threads", std::to_string(options_.threads));
    configs.set_option("num.io.threads", std::to_string(options_.threads));
    configs.set_option("max.connections", std::to_string(options_.max_connections));
    configs.set_option("socket.request.max.bytes", std::to_string(options_.max_request_bytes));
    configs.set_option("connections.max.idle.ms", std::to_string(options_.max_idle_ms));
  }

  void start() { server_.start(); }
  void stop() { server_.stop(kStopPatience); }

  const std::vector<Endpoint>& advertised() const { return advertised_; }

 private:
  // Null where the client is gone again.
  std::shared_ptr<Connection> make_connection(net::Socket socket, const std::string& listener,
                                              const Endpoint& advertised) {
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (!error) socket.set_option(boost::asio::ip::tcp::no_delay(true), error);
    if (!error) socket.non_blocking(true, error);
    if (error) return nullptr;
    Peer peer{.host = remote.address().to_string(), .listener = listener, .advertised = advertised};
    return std::make_shared<Connection>(std::move(socket), std::move(peer), context_);
  }

  const ServerOptions options_;
  net::MemoryBudget memory_;
  const ConnectionContext context_;
  std::vector<Endpoint> advertised_;
  std::vector<uint16_t> listen_ports_;
  net::Server server_;  // the last: its connections use all of the above
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { stop(); }

Result<std::unique_ptr<Server>> Server::start(Broker& broker, ServerOptions options) {
  auto impl = std::make_unique<Impl>(broker, std::move(options));
  if (auto listening = impl->listen(); !listening) return fail(std::move(listening).error());
  impl->describe(broker.configs());
  impl->start();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const std::vector<Endpoint>& Server::advertised() const { return impl_->advertised(); }

void Server::stop() { impl_->stop(); }

}  // namespace omashu::broker
