#include "net/server.h"

#include <fmt/core.h>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>
#include <utility>

#include "net/worker.h"

namespace omashu::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

// After an accept that failed although nothing can be closed for it.
constexpr std::chrono::milliseconds kAcceptPause{100};

bool is_out_of_files(const error_code& error) {
  return error == asio::error::no_descriptors || error == boost::system::errc::too_many_files_open_in_system;
}

}  // namespace

class Server::Impl {
 public:
  explicit Impl(ServerOptions options) : options_(std::move(options)), table_(options_.max_connections) {
    for (size_t i = 0; i < std::max<size_t>(options_.threads, 1); ++i) {
      workers_.push_back(std::make_unique<Worker>(options_.tick, options_.now));
    }
  }

  Result<ListenAddress> listen(const ListenAddress& address, MakeConnection make_connection) {
    const auto failed = [&](const error_code& error) {
      const bool is_taken = error == asio::error::address_in_use;
      return fail(is_taken ? ErrorCode::kAlreadyExists : ErrorCode::kIo,
                  fmt::format("cannot listen on {}: {}", address_text(address), error.message()));
    };
    error_code error;
    asio::ip::basic_resolver<tcp, Executor> resolver(accepting_io());
    const auto found = resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
    if (error || found.empty()) return failed(error);
    const tcp::endpoint endpoint = found.begin()->endpoint();
    auto listener = std::make_unique<Listener>(accepting_io(), std::move(make_connection));
    Acceptor& acceptor = listener->acceptor;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return failed(error);
    const uint16_t port = acceptor.local_endpoint(error).port();
    listeners_.push_back(std::move(listener));
    return ListenAddress{.host = address.host, .port = port};
  }

  void start() {
    for (const auto& listener : listeners_) accept(*listener);
    for (const auto& worker : workers_) worker->run();
    is_running_ = true;
  }

  void stop(std::chrono::milliseconds patience) {
    if (!is_running_.exchange(false)) return;
    // The first worker accepts for the others, which end only after it has handed on the last connection.
    std::promise<void> closed;
    asio::post(accepting_io(), [this, &closed] {
      is_accepting_ = false;
      for (const auto& listener : listeners_) {
        error_code ignored;
        listener->pause.cancel();
        listener->acceptor.close(ignored);
        listener->newcomer.reset();
      }
      closed.set_value();
    });
    closed.get_future().wait();
    for (const auto& worker : workers_) worker->finish(patience);
    for (const auto& worker : workers_) worker->join();
  }

 private:
  // Used on the accepting thread alone, once it runs.
  struct Listener {
    Listener(asio::io_context& io, MakeConnection make) : acceptor(io), pause(io), make_connection(std::move(make)) {}

    Acceptor acceptor;
    Timer pause;
    const MakeConnection make_connection;
    std::optional<Socket> newcomer;  // accepted, while another one is closed for it
    size_t newcomer_worker = 0;
  };

  asio::io_context& accepting_io() { return workers_.front()->io(); }

  void accept(Listener& listener) {
    const size_t worker = next_worker_++ % workers_.size();
    listener.acceptor.async_accept(workers_[worker]->io(),
                                   [this, &listener, worker](const error_code& error, Socket socket) {
                                     if (!is_accepting_) return;
                                     if (error) return accept_after(listener, error);
                                     listener.newcomer.emplace(std::move(socket));
                                     listener.newcomer_worker = worker;
                                     admit(listener);
                                   });
  }

  // Linux takes a descriptor before it looks for a client, so the lack of one shows when the last has been taken, and
  // one is made free for the next client in advance.
  void accept_after(Listener& listener, const error_code& error) {
    if (is_out_of_files(error) && close_longest_waiting(listener, &Impl::accept)) return;
    listener.pause.expires_after(kAcceptPause);
    listener.pause.async_wait([this, &listener](const error_code& cancelled) {
      if (!cancelled && is_accepting_) accept(listener);
    });
  }

  void admit(Listener& listener) {
    if (table_.is_full() && close_longest_waiting(listener, &Impl::admit)) return;
    if (table_.is_full()) {
      listener.newcomer.reset();  // everybody else is being served
      return accept(listener);
    }
    const size_t worker = listener.newcomer_worker;
    const auto connection = listener.make_connection(*std::move(listener.newcomer), options_.now());
    listener.newcomer.reset();
    if (connection != nullptr) {
      table_.add(connection, worker);
      workers_[worker]->add(connection);
    }
    accept(listener);
  }

  // Goes on with `next` once one is closed, or proves not to be waiting any more. False where there is none to close.
  bool close_longest_waiting(Listener& listener, void (Impl::*next)(Listener&)) {
    report_once();
    auto longest = table_.longest_waiting();
    if (!longest) return false;
    asio::post(workers_[longest->worker]->io(), [this, &listener, next, longest = *std::move(longest)] {
      if (longest.connection->client_turn_since() == longest.client_turn_since) {
        static_cast<Connection&>(*longest.connection).close();
        longest.connection->leave_table();
      }
      go_on(listener, next);
    });
    return true;
  }

  void go_on(Listener& listener, void (Impl::*next)(Listener&)) {
    asio::post(accepting_io(), [this, &listener, next] {
      if (is_accepting_) (this->*next)(listener);
    });
  }

  void report_once() {
    if (std::exchange(has_reported_, true) || !options_.report) return;
    options_.report(
        fmt::format("{} has all the {} connections that it may have, or that there are file descriptors for: for each "
                    "new one, the one that has been idle longest is closed (a higher limit of open files allows more)",
                    options_.name, options_.max_connections));
  }

  const ServerOptions options_;
  ConnectionTable table_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::atomic<bool> is_running_ = false;

  // Of the accepting thread.
  size_t next_worker_ = 0;
  bool is_accepting_ = true;
  bool has_reported_ = false;
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Server::~Server() { impl_->stop({}); }

Result<ListenAddress> Server::listen(const ListenAddress& address, MakeConnection make_connection) {
  return impl_->listen(address, std::move(make_connection));
}

void Server::start() { impl_->start(); }

void Server::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }

}  // namespace omashu::net
