#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "base/base64.h"
#include "http/testing/decompressed.h"
#include "http/testing/later.h"
#include "http/testing/socket_client.h"

namespace omashu::http {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::body_of;
using testing::decompressed;
using ::testing::HasSubstr;
using testing::Later;
using ::testing::Not;
using testing::SocketClient;
using ::testing::StartsWith;
using testing::status_of;

class ServerTest : public ::testing::Test {
 protected:
  // GET /echo/{word} answers with it, POST /echo/{word} with the body; /later waits for later_; /big is big.
  Server& start(ServerOptions options = {}) {
    Router router;
    router.add(Method::kGet, "/echo/{word}", Access::kRead, [](const ExchangePtr& exchange) {
      exchange->answer({.content_type = "text/plain", .body = exchange->parameter("word")});
    });
    router.add(Method::kPost, "/echo/{word}", Access::kWrite, [](const ExchangePtr& exchange) {
      exchange->answer({.content_type = "text/plain", .body = exchange->request().body});
    });
    router.add(Method::kGet, "/later", Access::kRead, [this](const ExchangePtr& exchange) { later_.put(exchange); });
    router.add(Method::kGet, "/big", Access::kRead, [](const ExchangePtr& exchange) {
      exchange->answer({.content_type = "text/plain", .body = std::string(20 << 20, 'x')});
    });
    server_ = Server::bind(std::move(options)).value();
    server_->serve(std::move(router));
    return *server_;
  }

  Later later_;
  std::unique_ptr<Server> server_;
};

constexpr const char* kGetEcho = "GET /echo/hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  SocketClient client(start().address());
  for (int i = 0; i < 3; ++i) {
    const std::string response = client.ask(kGetEcho);
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
    EXPECT_THAT(response, HasSubstr(" GMT\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"));
  }
  EXPECT_EQ(body_of(client.ask("POST /echo/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody")), "body");
  EXPECT_THAT(client.ask("GET /echo/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
              HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerTest, TellsOfEachRequestWhenItsAnswerBegins) {
  std::vector<std::string> told;
  ServerOptions options;
  options.threads = 1;
  options.on_answered = [&](const AnsweredRequest& answered) {
    told.push_back(std::string(method_name(answered.method)) + " " + std::string(answered.pattern) + " " +
                   std::to_string(answered.status));
    EXPECT_GE(answered.took.count(), 0);
  };
  {
    SocketClient client(start(std::move(options)).address());
    client.ask(kGetEcho);
    client.ask("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.ask("nonsense\r\n\r\n");
  }
  server_->stop();
  EXPECT_THAT(told, ::testing::ElementsAre("GET /echo/{word} 200", "GET  404", "?  400"));
}

TEST_F(ServerTest, AnswersInOrderWhatComesAtOnce) {
  SocketClient client(start().address());
  client.send(
      "GET /echo/1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /later HTTP/1.1\r\nHost: localhost\r\n\r\nGET /echo/3 "
      "HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(body_of(client.read_response()), "1");
  later_.take()->answer({.content_type = "text/plain", .body = "2"});
  EXPECT_EQ(body_of(client.read_response()), "2");
  EXPECT_EQ(body_of(client.read_response()), "3");
}

TEST_F(ServerTest, AnswersComeFromAnyThread) {
  SocketClient client(start().address());
  client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::thread([&] { later_.take()->answer({.status = 204}); }).join();
  EXPECT_EQ(status_of(client.read_response()), 204);
  client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  later_.take().reset();
  EXPECT_EQ(status_of(client.read_response()), 500) << "one that nobody answers";
}

TEST_F(ServerTest, HeadHasNoBody) {
  SocketClient client(start().address());
  client.send("HEAD /echo/hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(client.read_response(false), HasSubstr("Content-Length: 5\r\n"));
  EXPECT_EQ(body_of(client.ask(kGetEcho)), "hello");
}

TEST_F(ServerTest, SaysWhatItDoesNotHave) {
  SocketClient client(start().address());
  EXPECT_EQ(status_of(client.ask("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")), 404);
  const std::string response = client.ask("DELETE /echo/x HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(status_of(response), 405);
  EXPECT_THAT(response, HasSubstr("Allow: GET, POST\r\n"));
}

TEST_F(ServerTest, ErrorsLookAsTheOwnerWants) {
  ServerOptions options;
  options.error_response = [](int status, std::string_view) {
    return Response{.status = status, .content_type = "application/json", .body = "{}"};
  };
  SocketClient client(start(std::move(options)).address());
  EXPECT_EQ(body_of(client.ask("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")), "{}");
}

TEST_F(ServerTest, SaysContinueToWhoWaitsForIt) {
  SocketClient client(start().address());
  EXPECT_THAT(
      client.ask("POST /echo/x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
      StartsWith("HTTP/1.1 100 "));
  EXPECT_EQ(body_of(client.ask("ab")), "ab");
}

TEST_F(ServerTest, ATooLargeBodyIsRefusedBeforeItIsRead) {
  ServerOptions options;
  options.limits.body_bytes = 1000;
  SocketClient client(start(std::move(options)).address());
  client.send("POST /echo/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n" +
              std::string(200'000, 'x'));
  EXPECT_EQ(status_of(client.read_response()), 413);
}

TEST_F(ServerTest, LargeBodiesThatAreStillComingShareTheirMemory) {
  ServerOptions options;
  options.limits.body_bytes = 100'000;
  options.max_unfinished_bytes = 150'000;
  start(std::move(options));
  const std::string head = "POST /echo/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n";
  const std::string body(100'000, 'x');
  SocketClient first(server_->address());
  first.send("POST /echo/x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n");
  EXPECT_THAT(first.read_response(), StartsWith("HTTP/1.1 100 ")) << "it has its share";
  SocketClient second(server_->address());
  second.send(head + body);
  SocketClient small(server_->address());
  EXPECT_EQ(body_of(small.ask(kGetEcho)), "hello");
  EXPECT_EQ(body_of(first.ask(body)), body);
  EXPECT_EQ(body_of(second.read_response()), body);
}

TEST_F(ServerTest, WhatIsNotHttpIsAnsweredAndClosed) {
  SocketClient client(start().address());
  EXPECT_EQ(status_of(client.ask("\x16\x03\x01 hello\r\n\r\n")), 400);
  EXPECT_TRUE(client.is_closed());
}

// ---- Compression

TEST_F(ServerTest, LargeTextIsCompressedForWhoTakesThat) {
  ServerOptions options;
  options.compresses = true;
  SocketClient client(start(std::move(options)).address());
  const auto echo = [&](const std::string& body, const std::string& accepted) {
    return client.ask("POST /echo/x HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: " + accepted +
                      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  const std::string large(5'000, 'x');
  const std::string zstd = echo(large, "gzip, deflate, br, zstd");
  EXPECT_THAT(zstd, AllOf(HasSubstr("Content-Encoding: zstd\r\n"), HasSubstr("Vary: Accept-Encoding\r\n")));
  EXPECT_EQ(decompressed(body_of(zstd), ContentEncoding::kZstd), large);
  const std::string gzip = echo(large, "gzip");
  EXPECT_THAT(gzip, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_EQ(decompressed(body_of(gzip), ContentEncoding::kGzip), large);
  for (const std::string& plain : {echo(large, "br"), echo("small", "gzip")}) {
    EXPECT_THAT(plain, AllOf(HasSubstr("Vary: Accept-Encoding\r\n"), Not(HasSubstr("Content-Encoding"))));
  }
}

// ---- Patience

TEST_F(ServerTest, WhoSendsTooSlowlyIsLeft) {
  ServerOptions options;
  options.request_timeout = 50ms;
  SocketClient client(start(std::move(options)).address());
  EXPECT_EQ(body_of(client.ask(kGetEcho)), "hello");
  client.send("GET /echo/x HTTP/1.1\r\nHost: localhost\r\n");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerTest, WhoSendsNothingIsLeft) {
  ServerOptions options;
  options.idle_timeout = 50ms;
  SocketClient client(start(std::move(options)).address());
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerTest, WhoReadsNothingIsLeftAndOthersAreServed) {
  ServerOptions options;
  options.send_timeout = options.idle_timeout = 50ms;
  options.threads = 1;
  start(std::move(options));
  SocketClient slow(server_->address());
  slow.send("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");
  SocketClient quick(server_->address());
  EXPECT_EQ(body_of(quick.ask(kGetEcho)), "hello");
  EXPECT_TRUE(quick.is_closed()) << "and so is who came before";
  EXPECT_TRUE(slow.read_response().empty()) << "what the system had buffered is not all";
}

TEST_F(ServerTest, AHandlerHasAllTheTimeItNeeds) {
  ServerOptions options;
  options.idle_timeout = 1ms;
  SocketClient client(start(std::move(options)).address());
  client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const ExchangePtr exchange = later_.take();
  ASSERT_NE(exchange, nullptr);
  EXPECT_TRUE(SocketClient(server_->address()).is_closed()) << "who is late is looked for";
  exchange->answer({.content_type = "text/plain", .body = "late"});
  EXPECT_EQ(body_of(client.read_response()), "late");
}

// Time stands still but for what a test lets pass.
struct StoppedClock {
  std::atomic<int> seconds = 0;
  std::function<std::chrono::steady_clock::time_point()> now = [this] {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(seconds));
  };
};

TEST_F(ServerTest, ForANewConnectionTheOneThatIsIdleLongestIsClosed) {
  StoppedClock clock;
  ServerOptions options;
  options.max_connections = 3;
  options.now = clock.now;
  start(std::move(options));
  std::vector<std::unique_ptr<SocketClient>> clients;
  for (int i = 0; i < 4; ++i) {
    clock.seconds = i;
    clients.push_back(std::make_unique<SocketClient>(server_->address()));
    EXPECT_EQ(body_of(clients.back()->ask(kGetEcho)), "hello");
  }
  EXPECT_TRUE(clients[0]->is_closed());
  for (size_t i = 1; i < 4; ++i) EXPECT_EQ(body_of(clients[i]->ask(kGetEcho)), "hello");
}

TEST_F(ServerTest, ForANewConnectionOneThatSendsItsRequestSlowlyIsClosed) {
  StoppedClock clock;
  ServerOptions options;
  options.max_connections = 2;
  options.now = clock.now;
  start(std::move(options));
  SocketClient slow(server_->address());
  slow.send("GET /echo");
  clock.seconds = 1;
  SocketClient idle(server_->address());
  EXPECT_EQ(body_of(idle.ask(kGetEcho)), "hello");
  clock.seconds = 2;
  slow.send("/");
  SocketClient third(server_->address());
  EXPECT_EQ(body_of(third.ask(kGetEcho)), "hello");
  EXPECT_TRUE(slow.is_closed());
  EXPECT_EQ(body_of(idle.ask(kGetEcho)), "hello");
}

TEST_F(ServerTest, TheTurnOfAClientBeginsWithItsAnswerHoweverSlowlyItTakesThat) {
  StoppedClock clock;
  ServerOptions options;
  options.max_connections = 2;
  options.threads = 1;  // what has been asked of it first is done first
  options.now = clock.now;
  start(std::move(options));
  SocketClient slow(server_->address());
  slow.send("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\nGET /echo");
  SocketClient idle(server_->address());
  EXPECT_EQ(body_of(idle.ask(kGetEcho)), "hello");
  clock.seconds = 1;
  EXPECT_EQ(body_of(idle.ask(kGetEcho)), "hello");
  clock.seconds = 2;
  EXPECT_EQ(status_of(slow.read_response()), 200);
  SocketClient third(server_->address());
  EXPECT_EQ(body_of(third.ask(kGetEcho)), "hello");
  EXPECT_EQ(body_of(idle.ask(kGetEcho)), "hello");
  EXPECT_TRUE(slow.is_closed());
}

TEST_F(ServerTest, ARequestUnderWayIsNotClosedForANewConnection) {
  StoppedClock clock;
  ServerOptions options;
  options.max_connections = 1;
  options.now = clock.now;
  start(std::move(options));
  SocketClient first(server_->address());
  first.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const ExchangePtr exchange = later_.take();
  ASSERT_NE(exchange, nullptr);
  SocketClient second(server_->address());
  EXPECT_TRUE(second.is_closed());
  exchange->answer({.content_type = "text/plain", .body = "late"});
  EXPECT_EQ(body_of(first.read_response()), "late");
}

// ---- Who may do what

ServerOptions with_passwords() {
  ServerOptions options;
  // crypt(3) of "secret", with few rounds.
  options.authenticator = std::make_shared<Authenticator>(
      PasswordFile::parse("alice:$5$rounds=1000$salt$CCvcOM6b7TEJDPb37Aec/9UpOg4QhPNAxPpL9ZzjTB7\n"
                          "bob:$5$rounds=1000$salt$CCvcOM6b7TEJDPb37Aec/9UpOg4QhPNAxPpL9ZzjTB7:read-only")
          .value());
  return options;
}

std::string request_as(const std::string& user, const std::string& method = "GET", const std::string& fields = "") {
  return method + " /echo/hello HTTP/1.1\r\nHost: localhost:1\r\nAuthorization: Basic " + to_base64(user) + "\r\n" +
         fields + "\r\n";
}

TEST_F(ServerTest, AsksWhoIsThere) {
  SocketClient client(start(with_passwords()).address());
  const std::string response = client.ask(kGetEcho);
  EXPECT_EQ(status_of(response), 401);
  EXPECT_THAT(response, HasSubstr("WWW-Authenticate: Basic realm="));
  EXPECT_EQ(status_of(client.ask(request_as("alice:wrong"))), 401);
  EXPECT_EQ(body_of(client.ask(request_as("alice:secret"))), "hello");
  EXPECT_EQ(body_of(client.ask(request_as("alice:secret"))), "hello") << "remembered";
  EXPECT_EQ(status_of(client.ask(request_as("alice:wrong"))), 401);
}

TEST_F(ServerTest, AReaderMayNotWrite) {
  SocketClient client(start(with_passwords()).address());
  EXPECT_EQ(status_of(client.ask(request_as("bob:secret"))), 200);
  EXPECT_EQ(status_of(client.ask(request_as("bob:secret", "POST"))), 403);
  EXPECT_EQ(status_of(client.ask(request_as("alice:secret", "POST"))), 200);
}

TEST_F(ServerTest, APageOfAnotherOriginMayNotWrite) {
  SocketClient client(start().address());
  EXPECT_EQ(status_of(client.ask(request_as("", "POST", "Origin: http://localhost:1\r\n"))), 200);
  EXPECT_EQ(status_of(client.ask(request_as("", "POST", "Origin: https://evil.example\r\n"))), 403);
  EXPECT_EQ(status_of(client.ask(request_as("", "POST", "Origin: null\r\n"))), 403);
  EXPECT_EQ(status_of(client.ask(request_as("", "GET", "Origin: https://evil.example\r\n"))), 200);
}

TEST_F(ServerTest, OnLoopbackAPageOfAnotherNameIsRefused) {
  ServerOptions options = with_passwords();
  options.host_names = {"registry.example"};
  SocketClient client(start(std::move(options)).address());
  const auto status_for = [&](const std::string& host) {
    return status_of(client.ask("GET /echo/x HTTP/1.1\r\nHost: " + host + "\r\n\r\n"));
  };
  EXPECT_EQ(status_for("evil.example"), 421) << "whoever is asking";
  EXPECT_EQ(status_for("registry.example:8081"), 401);
  EXPECT_EQ(status_for(server_->address()), 401);
  EXPECT_THAT(
      client.ask("GET /echo/x HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 421 Misdirected Request\r\n"), HasSubstr("'evil.example'"), HasSubstr("--host-name")));
}

// ---- The end

TEST_F(ServerTest, StoppingWaitsForRequestsUnderWay) {
  start();
  SocketClient idle(server_->address());
  EXPECT_EQ(body_of(idle.ask(kGetEcho)), "hello");
  SocketClient busy(server_->address());
  busy.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ExchangePtr exchange = later_.take();
  ASSERT_NE(exchange, nullptr);
  auto stopping = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_TRUE(idle.is_closed());
  exchange->answer({.content_type = "text/plain", .body = "last"});
  const std::string response = busy.read_response();
  EXPECT_EQ(body_of(response), "last");
  EXPECT_TRUE(busy.is_closed());
  stopping.get();
  EXPECT_THROW(SocketClient(server_->address()), std::runtime_error);
}

TEST_F(ServerTest, BeforeItStopsItDrains) {
  ServerOptions options;
  options.drain_time = 200ms;
  start(std::move(options));
  SocketClient client(server_->address());
  EXPECT_THAT(client.ask(kGetEcho), Not(HasSubstr("Connection: close")));
  SocketClient idle(server_->address());
  EXPECT_EQ(body_of(idle.ask(kGetEcho)), "hello");
  auto stopping = std::async(std::launch::async, [&] { server_->stop(); });
  std::string response;
  do {
    response = client.ask(kGetEcho);
    EXPECT_EQ(body_of(response), "hello");
  } while (response.find("Connection: close") == std::string::npos);
  EXPECT_EQ(body_of(idle.ask(kGetEcho)), "hello");
  EXPECT_TRUE(idle.is_closed());
  stopping.get();
}

TEST_F(ServerTest, StoppingDoesNotWaitForEver) {
  ServerOptions options;
  options.stop_timeout = 10ms;
  start(std::move(options));
  SocketClient client(server_->address());
  client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const ExchangePtr exchange = later_.take();
  ASSERT_NE(exchange, nullptr);
  server_->stop();
  exchange->answer({.status = 204});  // nobody is there any more
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  start();
  ServerOptions taken;
  taken.address = server_->address();
  const auto second = Server::bind(taken);
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error().message, HasSubstr("cannot listen on " + taken.address));
  ServerOptions without_key;
  without_key.tls.certificate = "/no/such/file";
  EXPECT_THAT(Server::bind(without_key).error().message, HasSubstr("/no/such/file"));
}

}  // namespace
}  // namespace omashu::http
