#include "net/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <optional>

namespace omashu::net {
namespace {

using ::testing::HasSubstr;

// A request ends in a dot and is answered with itself. One that ends in an exclamation mark is worked on for ever once
// it has been echoed.
class EchoConnection : public Connection, public std::enable_shared_from_this<EchoConnection> {
 public:
  EchoConnection(Socket socket, Clock::time_point now, const std::function<Clock::time_point()>& clock)
      : Connection(now), socket_(std::move(socket)), clock_(clock) {}

  void start() override { read(); }
  void on_tick(Clock::time_point) override {}
  void finish() override { close(); }
  void close() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
    kept_.reset();
  }

 private:
  void read() {
    socket_.async_read_some(boost::asio::buffer(buffer_),
                            [self = shared_from_this()](const boost::system::error_code& error, size_t size) {
                              if (!error) self->take({self->buffer_.data(), size});
                            });
  }

  void take(std::string_view bytes) {
    const bool is_endless = bytes.back() == '!';
    if (is_endless) {
      kept_ = shared_from_this();
      begin_server_turn();
    } else if (bytes.back() == '.') {
      begin_client_turn(clock_());
    } else {
      return read();
    }
    boost::system::error_code ignored;
    socket_.send(boost::asio::buffer(bytes.data(), bytes.size()), 0, ignored);
    if (!is_endless) read();
  }

  Socket socket_;
  const std::function<Clock::time_point()>& clock_;
  std::array<char, 64> buffer_;
  std::shared_ptr<EchoConnection> kept_;
};

// A client's socket, blocking, with a deadline.
class Client {
 public:
  explicit Client(const ListenAddress& address) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(address.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval deadline{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    is_connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool is_connected() const { return is_connected_; }
  void send(std::string_view bytes) { (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  // "" where the connection is closed.
  std::string ask(std::string_view request) {
    send(request);
    std::string answer(request.size(), '\0');
    const ssize_t size = ::recv(socket_, answer.data(), answer.size(), MSG_WAITALL);
    answer.resize(size > 0 ? static_cast<size_t>(size) : 0);
    return answer;
  }
  bool is_closed() {
    char byte = 0;
    const ssize_t size = ::recv(socket_, &byte, 1, 0);
    return size == 0 || (size < 0 && errno == ECONNRESET);
  }

 private:
  const int socket_;
  bool is_connected_ = false;
};

// Time passes by a second with each look at the clock, so that no two turns begin at once.
class ServerTest : public ::testing::Test {
 protected:
  ListenAddress start(ServerOptions options = {}) {
    options.now = now_;
    options.name = "the echo";
    options.report = [this](const std::string& message) { reports_.push_back(message); };
    server_.emplace(std::move(options));
    const ListenAddress address = listen();
    server_->start();
    return address;
  }
  ListenAddress listen() {
    return server_
        ->listen({.host = "127.0.0.1", .port = 0},
                 [this](Socket socket, Clock::time_point now) {
                   return std::make_shared<EchoConnection>(std::move(socket), now, now_);
                 })
        .value();
  }
  void stop() { server_->stop(std::chrono::seconds(10)); }

  std::atomic<int> seconds_ = 0;
  const std::function<Clock::time_point()> now_ = [this] {
    return Clock::time_point(std::chrono::seconds(++seconds_));
  };
  std::vector<std::string> reports_;  // read after stop()
  std::optional<Server> server_;
};

TEST_F(ServerTest, ServesManyConnectionsOnSeveralListeners) {
  server_.emplace(ServerOptions{.threads = 3, .now = now_});
  const ListenAddress addresses[] = {listen(), listen()};
  EXPECT_NE(addresses[0].port, addresses[1].port);
  server_->start();
  std::vector<std::unique_ptr<Client>> clients;
  for (size_t i = 0; i < 50; ++i) clients.push_back(std::make_unique<Client>(addresses[i % 2]));
  for (const auto& client : clients) EXPECT_EQ(client->ask("hello."), "hello.");
}

TEST_F(ServerTest, TheOneThatIsIdleLongestIsClosedForANewOneAndThatIsSaidOnce) {
  const ListenAddress address = start({.max_connections = 3});
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<Client>(address));
    EXPECT_EQ(clients.back()->ask("hello."), "hello.");
  }
  EXPECT_EQ(clients[0]->ask("again."), "again.");
  Client fourth(address);
  EXPECT_EQ(fourth.ask("hello."), "hello.");
  EXPECT_TRUE(clients[1]->is_closed()) << "the one that has asked for nothing for the longest time";
  EXPECT_EQ(clients[0]->ask("hello."), "hello.");
  Client fifth(address);
  EXPECT_EQ(fifth.ask("hello."), "hello.");
  EXPECT_TRUE(clients[2]->is_closed());
  stop();
  ASSERT_EQ(reports_.size(), 1u);
  EXPECT_THAT(reports_[0], HasSubstr("the echo has all the 3 connections"));
}

TEST_F(ServerTest, OneThatSendsAByteNowAndThenIsClosedForANewOne) {
  const ListenAddress address = start({.max_connections = 2});
  Client slow(address);
  slow.send("x");
  Client idle(address);
  EXPECT_EQ(idle.ask("hello."), "hello.");
  slow.send("x");
  Client third(address);
  EXPECT_EQ(third.ask("hello."), "hello.");
  EXPECT_TRUE(slow.is_closed()) << "its bytes are no request";
  EXPECT_EQ(idle.ask("hello."), "hello.");
}

TEST_F(ServerTest, ANewOneIsClosedWhereTheServerWorksForAllOthers) {
  const ListenAddress address = start({.max_connections = 1});
  Client busy(address);
  EXPECT_EQ(busy.ask("work!"), "work!");
  Client second(address);
  EXPECT_TRUE(second.is_closed());
  stop();
  EXPECT_TRUE(busy.is_closed());
}

TEST_F(ServerTest, WithoutFileDescriptorsTheOneThatIsIdleLongestIsClosed) {
  const ListenAddress address = start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<Client>(address));
    EXPECT_EQ(clients.back()->ask("hello."), "hello.");
  }
  const int next = ::dup(0);
  ::close(next);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  // One more descriptor: the fourth client takes it, and nothing is left to accept it with.
  const rlimit lowered{.rlim_cur = static_cast<rlim_t>(next) + 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  Client fourth(address);
  const std::string answer = fourth.ask("hello.");
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(answer, "hello.");
  EXPECT_TRUE(clients[0]->is_closed());
  EXPECT_EQ(clients[2]->ask("hello."), "hello.");
}

TEST_F(ServerTest, StoppingClosesConnectionsThatAreServed) {
  const ListenAddress address = start();
  Client client(address);
  EXPECT_EQ(client.ask("hello."), "hello.");
  EXPECT_EQ(client.ask("work!"), "work!");
  stop();
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(Client(address).is_connected());
}

TEST_F(ServerTest, AnAddressThatIsTakenIsAnError) {
  const ListenAddress address = start();
  Server other({});
  const auto refused = other.listen(address, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(refused.error().message, HasSubstr("cannot listen on " + address_text(address)));
}

}  // namespace
}  // namespace omashu::net
