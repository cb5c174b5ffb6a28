#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "http/server.h"
#include "http/testing/client_frame.h"
#include "http/testing/socket_client.h"
#include "http/web_socket_handshake.h"

namespace omashu::http {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::client_frame;
using ::testing::HasSubstr;
using testing::SocketClient;
using ::testing::StartsWith;
using testing::status_of;

constexpr uint8_t kText = 0x81, kClose = 0x88, kPing = 0x89;

// GET /socket is a WebSocket that sends back what it gets.
class WebSocketTest : public ::testing::Test {
 protected:
  Server& start(ServerOptions options = {}) {
    Router router;
    router.add(Method::kGet, "/socket", Access::kRead, [this](const ExchangePtr& exchange) {
      WebSocketListener listener;
      listener.on_message = [this](const std::string& message) { socket_->send("you said " + message); };
      listener.stream.on_closed = [this] { closed_.set_value(); };
      listener.stream.on_closing = [this] { socket_->close(CloseCode::kGoingAway, "the server stops"); };
      socket_ = exchange->accept_web_socket(std::move(listener));
    });
    options.threads = 1;  // socket_ is that of one client after the other
    server_ = Server::bind(std::move(options)).value();
    server_->serve(std::move(router));
    return *server_;
  }

  bool is_closed() { return closed_.get_future().wait_for(10s) == std::future_status::ready; }

  static std::string handshake(const std::string& fields = "") {
    return "GET /socket HTTP/1.1\r\nHost: localhost:1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
           fields + "\r\n";
  }

  std::shared_ptr<WebSocket> socket_;
  std::promise<void> closed_;
  std::unique_ptr<Server> server_;
};

TEST_F(WebSocketTest, SpeaksBothWays) {
  SocketClient client(start().address());
  client.send(handshake() + client_frame(kText, "early"));
  EXPECT_THAT(client.read_until("\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 101 Switching Protocols\r\n"), HasSubstr("\r\nUpgrade: websocket\r\n"),
                    HasSubstr("\r\nConnection: Upgrade\r\n"),
                    HasSubstr("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")));
  EXPECT_EQ(client.read_until("early"), "\x81\x0eyou said early");
  client.send(client_frame(kText, "hello"));
  EXPECT_EQ(client.read_until("hello"), "\x81\x0eyou said hello");
  socket_->send(make_web_socket_message("for all"));
  EXPECT_EQ(client.read_until("all"),
            "\x81\x07"
            "for all");
  client.send(client_frame(kPing, "there?"));
  EXPECT_EQ(client.read_until("there?"), "\x8a\x06there?");
  client.send(client_frame(kClose, "\x03\xe8"));
  EXPECT_EQ(client.read_until("\x03\xe8"), "\x88\x02\x03\xe8");
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(is_closed());
  EXPECT_FALSE(socket_->send("late"));
}

TEST_F(WebSocketTest, WhatIsWrongIsAnsweredWithWhy) {
  ServerOptions options;
  options.max_message_bytes = 100;
  SocketClient client(start(std::move(options)).address());
  client.send(handshake());
  client.read_until("\r\n\r\n");
  client.send(client_frame(kText, std::string(101, 'x')));
  EXPECT_EQ(client.read_until("too large"), "\x88\x1a\x03\xf1the message is too large");
  EXPECT_TRUE(is_closed());
  EXPECT_TRUE(client.is_closed());
}

TEST_F(WebSocketTest, AClientThatGoesIsNoticed) {
  start();
  auto client = std::make_unique<SocketClient>(server_->address());
  client->send(handshake());
  client->read_until("\r\n\r\n");
  client.reset();
  EXPECT_TRUE(is_closed());
}

TEST_F(WebSocketTest, WhoSendsPingsAndTakesNoAnswersCostsNoMemory) {
  ServerOptions options;
  options.send_timeout = 1h;
  SocketClient client(start(std::move(options)).address());
  client.send(handshake());
  client.read_until("\r\n\r\n");
  socket_->send(std::string(20 << 20, 'x'));
  const size_t queued = socket_->queued_bytes();
  for (int i = 0; i < 10'000; ++i) client.send(client_frame(kPing, std::string(125, 'p')));
  client.send(client_frame(kText, "behind them"));
  EXPECT_NE(client.read_until("you said behind them"), "") << "all pings were read";
  EXPECT_LE(socket_->queued_bytes(), queued);
}

TEST_F(WebSocketTest, WrongHandshakesAreRefused) {
  start();
  const auto status_for = [&](const std::string& request) {
    return status_of(SocketClient(server_->address()).ask(request));
  };
  const auto without = [](const std::string& line) {
    std::string request = handshake();
    const size_t at = request.find(line);
    return request.erase(at, request.find("\r\n", at) + 2 - at);
  };
  EXPECT_EQ(status_for(without("Upgrade: websocket")), 426);
  EXPECT_EQ(status_for(without("Connection:")), 426);
  EXPECT_EQ(status_for(without("Sec-WebSocket-Version")), 426);
  EXPECT_EQ(status_for(without("Sec-WebSocket-Key")), 400);
  EXPECT_EQ(status_for(without("Sec-WebSocket-Key") + ""), 400);
  EXPECT_EQ(status_for(handshake("Origin: https://evil.example\r\n")), 403);
  EXPECT_EQ(status_for(handshake("Origin: http://localhost:1\r\n")), 101);
}

TEST_F(WebSocketTest, WhenTheServerStopsTheClientIsTold) {
  SocketClient client(start().address());
  client.send(handshake());
  client.read_until("\r\n\r\n");
  auto stopping = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_EQ(client.read_until("stops"), "\x88\x12\x03\xe9the server stops");
  client.send(client_frame(kClose, "\x03\xe9"));
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace omashu::http
