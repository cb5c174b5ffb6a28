#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "http/server.h"
#include "http/testing/decompressed.h"
#include "http/testing/later.h"
#include "http/testing/socket_client.h"

namespace omashu::http {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::body_of;
using testing::decompressed;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::Later;
using ::testing::Not;
using testing::SocketClient;
using ::testing::StartsWith;

// What a stream's listener was told.
class Told {
 public:
  StreamListener listener() {
    return {.on_drained = [this] { drained_.set_value(); },
            .on_closing = [this] { closing_.set_value(); },
            .on_closed = [this] { closed_.set_value(); }};
  }
  bool is_drained() { return has(drained_.get_future()); }
  bool is_closing() { return has(closing_.get_future()); }
  bool is_closed() { return has(closed_.get_future()); }

 private:
  static bool has(std::future<void> told) { return told.wait_for(10s) == std::future_status::ready; }

  std::promise<void> drained_, closing_, closed_;
};

class StreamTest : public ::testing::Test {
 protected:
  Server& start(ServerOptions options = {}) {
    Router router;
    router.add(Method::kGet, "/stream", Access::kRead, [this](const ExchangePtr& exchange) { later_.put(exchange); });
    router.add(Method::kGet, "/hello", Access::kRead,
               [](const ExchangePtr& exchange) { exchange->answer({.content_type = "text/plain", .body = "hello"}); });
    server_ = Server::bind(std::move(options)).value();
    server_->serve(std::move(router));
    return *server_;
  }

  // Asks, and takes the stream of the answer.
  std::shared_ptr<ResponseStream> ask(SocketClient& client, StreamListener listener = {}, std::string first = "") {
    client.send(kGetStream);
    const ExchangePtr exchange = later_.take();
    return exchange->begin({.content_type = "text/plain", .body = std::move(first)}, std::move(listener));
  }

  static constexpr const char* kGetStream = "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
  static constexpr const char* kGetHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

  static constexpr size_t kMoreThanTheSystemTakes = 20 << 20;  // into the buffers of both sockets

  Later later_;
  std::unique_ptr<Server> server_;
};

TEST_F(StreamTest, PiecesGoOutAsTheyAreWritten) {
  SocketClient client(start().address());
  const auto stream = ask(client, {}, "first");
  EXPECT_THAT(client.read_until("\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\nContent-Type: text/plain\r\n"),
                    HasSubstr("\r\nTransfer-Encoding: chunked\r\n"), Not(HasSubstr("Content-Length"))));
  EXPECT_EQ(client.read_until("first\r\n"), "5\r\nfirst\r\n");
  EXPECT_TRUE(stream->write("a piece of 26 bytes' length"));
  EXPECT_EQ(client.read_until("length\r\n"), "1b\r\na piece of 26 bytes' length\r\n");
  EXPECT_TRUE(stream->write(std::make_shared<const std::string>("shared")));
  EXPECT_EQ(client.read_until("shared\r\n"), "6\r\nshared\r\n");
  EXPECT_TRUE(stream->write("")) << "it would end the answer";
  stream->end();
  EXPECT_EQ(client.read_until("\r\n\r\n"), "0\r\n\r\n");
  EXPECT_FALSE(stream->is_open());
  EXPECT_FALSE(stream->write("late"));
  EXPECT_EQ(body_of(client.ask(kGetHello)), "hello") << "the connection is kept";
}

TEST_F(StreamTest, RequestsBehindAStreamWaitForItsEnd) {
  SocketClient client(start().address());
  client.send(std::string(kGetStream) + kGetHello + "GET /hel");
  const auto stream = later_.take()->begin({}, {});
  client.send("lo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  stream->write("streamed");
  EXPECT_THAT(client.read_until("streamed\r\n"), Not(HasSubstr("hello")));
  stream->end();
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "0\r\n\r\n");
  EXPECT_EQ(body_of(client.read_response()), "hello");
  EXPECT_EQ(body_of(client.read_response()), "hello");
  EXPECT_EQ(body_of(client.ask(kGetHello)), "hello");
}

TEST_F(StreamTest, RequestsBeyondWhatIsReadAheadAreNotLost) {
  SocketClient client(start().address());
  client.send(kGetStream);
  const auto stream = later_.take()->begin({}, {});
  std::string behind;
  for (int i = 0; i < 1000; ++i) behind += kGetHello;
  std::thread sender([&] { client.send(behind); });
  stream->end();
  EXPECT_THAT(client.read_until("0\r\n\r\n"), HasSubstr("chunked"));
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(body_of(client.read_response()), "hello") << i;
  sender.join();
}

TEST_F(StreamTest, ForHttp10ItEndsWithTheConnection) {
  SocketClient client(start().address());
  client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto stream = later_.take()->begin({.content_type = "text/plain"}, {});
  stream->write("one");
  EXPECT_THAT(client.read_until("\r\n\r\none"), AllOf(HasSubstr("Connection: close\r\n"), Not(HasSubstr("chunked"))));
  stream->write("two");
  stream->end();
  EXPECT_EQ(client.read_until("two"), "two");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(StreamTest, HeadIsAnsweredWithoutABody) {
  SocketClient client(start().address());
  client.send("HEAD /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  Told told;
  const auto stream = later_.take()->begin({.content_type = "text/plain", .body = "first"}, told.listener());
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("chunked"));
  EXPECT_TRUE(told.is_closed());
  EXPECT_FALSE(stream->write("more"));
  EXPECT_EQ(body_of(client.ask(kGetHello)), "hello");
}

TEST_F(StreamTest, OneThatIsDroppedIsSeenToBeCut) {
  SocketClient client(start().address());
  auto stream = ask(client, {}, "half");
  EXPECT_THAT(client.read_until("half\r\n"), HasSubstr("chunked"));
  stream.reset();
  EXPECT_TRUE(client.is_closed());
}

TEST_F(StreamTest, AClientThatGoesIsNoticedWhileNothingIsWritten) {
  start();
  auto client = std::make_unique<SocketClient>(server_->address());
  Told told;
  const auto stream = ask(*client, told.listener(), "first");
  EXPECT_THAT(client->read_until("first\r\n"), HasSubstr("chunked"));
  client.reset();
  EXPECT_TRUE(told.is_closed());
  EXPECT_FALSE(stream->is_open());
  EXPECT_FALSE(stream->write("into the void"));
  EXPECT_EQ(stream->queued_bytes(), 0U);
}

TEST_F(StreamTest, AStreamBegunAfterItsClientHasGoneIsClosed) {
  ServerOptions options;
  options.stop_timeout = 1ms;
  SocketClient client(start(std::move(options)).address());
  client.send(kGetStream);
  const ExchangePtr exchange = later_.take();
  server_->stop();
  const auto stream = exchange->begin({}, {});
  stream->write("nobody is there any more");
  stream->end();
}

TEST_F(StreamTest, AWriterIsToldToWaitUntilTheClientHasReadOn) {
  SocketClient client(start().address());
  Told told;
  const auto stream = ask(client, told.listener());
  EXPECT_FALSE(stream->write(std::string(kMoreThanTheSystemTakes, 'x')));
  EXPECT_FALSE(stream->write("more"));
  std::thread reader([&] { EXPECT_NE(client.read_until("more\r\n5\r\nagain"), ""); });
  EXPECT_TRUE(told.is_drained());
  EXPECT_TRUE(stream->write("again"));
  stream->end();
  reader.join();
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "\r\n0\r\n\r\n");
  EXPECT_EQ(body_of(client.ask(kGetHello)), "hello");
}

TEST_F(StreamTest, AWriterThatStopsWhenItIsToldSoLeavesNoMoreThanItsLastPieceAboveTheBound) {
  ServerOptions options;
  options.max_stream_bytes = 100'000;
  SocketClient client(start(std::move(options)).address());
  const auto stream = ask(client);
  size_t written = 0;
  do written += 9'000;
  while (stream->write(std::string(9'000, 'x')));
  EXPECT_GE(written, 100'000U);
  EXPECT_LE(stream->queued_bytes(), 108'000U);
}

TEST_F(StreamTest, WhoReadsTooSlowlyIsCutAndWhoIsMerelyIdleIsNot) {
  ServerOptions options;
  options.send_timeout = options.idle_timeout = options.request_timeout = 50ms;
  start(std::move(options));
  SocketClient idle(server_->address());
  const auto idle_stream = ask(idle, {}, "first");
  EXPECT_THAT(idle.read_until("first\r\n"), HasSubstr("chunked"));
  SocketClient slow(server_->address());
  Told told;
  const auto slow_stream = ask(slow, told.listener());
  EXPECT_FALSE(slow_stream->write(std::string(kMoreThanTheSystemTakes, 'x')));
  EXPECT_TRUE(told.is_closed());
  EXPECT_TRUE(idle_stream->write("second"));
  EXPECT_EQ(idle.read_until("second\r\n"), "6\r\nsecond\r\n");
}

TEST_F(StreamTest, ManyStreamsTakeOnePieceWithoutACopy) {
  start();
  std::vector<std::unique_ptr<SocketClient>> clients;
  std::vector<std::shared_ptr<ResponseStream>> streams;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(std::make_unique<SocketClient>(server_->address()));
    streams.push_back(ask(*clients.back()));
  }
  const auto piece = std::make_shared<const std::string>(kMoreThanTheSystemTakes, 'x');
  for (const auto& stream : streams) stream->write(piece);
  EXPECT_EQ(piece.use_count(), 6);
  for (const auto& stream : streams) stream->end();
  for (const auto& client : clients) {
    EXPECT_THAT(client->read_until("0\r\n\r\n"), ::testing::SizeIs(::testing::Gt(kMoreThanTheSystemTakes)));
  }
}

TEST_F(StreamTest, AnIdleStreamIsNotClosedForANewConnectionAndOneThatIsNotReadIs) {
  ServerOptions options;
  options.max_connections = 2;
  options.threads = 1;
  start(std::move(options));
  SocketClient idle(server_->address());
  const auto idle_stream = ask(idle, {}, "first");
  EXPECT_THAT(idle.read_until("first\r\n"), HasSubstr("chunked"));
  SocketClient slow(server_->address());
  Told told;
  const auto slow_stream = ask(slow, told.listener());
  EXPECT_FALSE(slow_stream->write(std::string(kMoreThanTheSystemTakes, 'x')));
  SocketClient newcomer(server_->address());
  EXPECT_EQ(body_of(newcomer.ask(kGetHello)), "hello");
  EXPECT_TRUE(told.is_closed());
  EXPECT_TRUE(idle_stream->write("second"));
  EXPECT_EQ(idle.read_until("second\r\n"), "6\r\nsecond\r\n");
}

// ---- Compression

TEST_F(StreamTest, WhatIsWrittenComesCompressedAtOnceWhereTheClientTakesThat) {
  ServerOptions options;
  options.compresses = true;
  SocketClient client(start(std::move(options)).address());
  client.send("GET /stream HTTP/1.0\r\nAccept-Encoding: gzip, zstd\r\n\r\n");
  const auto stream = later_.take()->begin({.content_type = "text/plain", .body = "one"}, {});
  EXPECT_THAT(client.read_until("\r\n\r\n"),
              AllOf(HasSubstr("\r\nContent-Encoding: gzip\r\n"), HasSubstr("\r\nVary: Accept-Encoding\r\n")));
  const std::string flushed("\0\0\xff\xff", 4);
  std::string body = client.read_until(flushed);
  EXPECT_EQ(decompressed(body, ContentEncoding::kGzip), "one");
  stream->write(std::make_shared<const std::string>("two"));
  body += client.read_until(flushed);
  EXPECT_EQ(decompressed(body, ContentEncoding::kGzip), "onetwo");
  stream->write("");
  stream->end();
  body += client.read_to_end();
  EXPECT_EQ(decompressed(body, ContentEncoding::kGzip), "onetwo");
  EXPECT_EQ(body.substr(body.size() - 4), std::string("\x06\0\0\0", 4)) << "its length ends a member of gzip";
}

// ---- The end

TEST_F(StreamTest, WhenTheServerStopsAStreamSaysItsLastWords) {
  SocketClient client(start().address());
  Told told;
  const auto stream = ask(client, told.listener());
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("chunked"));
  auto stopping = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_TRUE(told.is_closing());
  stream->write("goodbye");
  stream->end();
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "7\r\ngoodbye\r\n0\r\n\r\n");
  EXPECT_TRUE(client.is_closed());
  stopping.get();
}

TEST_F(StreamTest, StoppingDoesNotWaitForEverForAStream) {
  ServerOptions options;
  options.stop_timeout = 10ms;
  SocketClient client(start(std::move(options)).address());
  Told told;
  const auto stream = ask(client, told.listener(), "first");
  EXPECT_THAT(client.read_until("first\r\n"), HasSubstr("chunked"));
  server_->stop();
  EXPECT_TRUE(told.is_closed());
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace omashu::http
