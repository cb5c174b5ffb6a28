#include "http/streamed_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "http/server.h"
#include "http/testing/socket_client.h"

namespace omashu::http {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using testing::SocketClient;

// GET /numbers answers with the numbers from 0 on, a line each.
class StreamedAnswerTest : public ::testing::Test {
 protected:
  void start(int numbers, std::optional<int> fails_at = {}) {
    Router router;
    router.add(Method::kGet, "/numbers", Access::kRead, [this, numbers, fails_at](const ExchangePtr& exchange) {
      answer_in_pieces(exchange, {.content_type = "text/plain"}, executor_,
                       [this, numbers, fails_at, next = 0, gone = std::shared_ptr<void>(nullptr, [this](void*) {
                                                             is_destroyed_.set_value();
                                                           })]() mutable -> Result<std::optional<std::string>> {
                         EXPECT_EQ(calls_.fetch_add(1), 0) << "one call at a time";
                         made_ = next;
                         calls_ = 0;
                         if (fails_at == next) return fail(ErrorCode::kIo, "the disk is gone");
                         if (next == numbers) return std::nullopt;
                         return std::to_string(next++) + "\n";
                       });
    });
    ServerOptions options;
    options.max_stream_bytes = 10'000;
    options.stop_timeout = 10ms;
    server_ = Server::bind(std::move(options)).value();
    server_->serve(std::move(router));
  }

  bool is_destroyed() { return is_destroyed_.get_future().wait_for(10s) == std::future_status::ready; }

  static constexpr const char* kGet = "GET /numbers HTTP/1.0\r\n\r\n";

  std::promise<void> is_destroyed_;
  std::atomic<int> calls_ = 0;
  std::atomic<int> made_ = 0;
  Executor executor_{2};
  std::unique_ptr<Server> server_;
};

TEST_F(StreamedAnswerTest, AllPiecesComeInOrder) {
  start(200'000);
  SocketClient client(server_->address());
  client.send(kGet);
  std::string expected;
  for (int i = 0; i < 200'000; ++i) expected += std::to_string(i) + "\n";
  const std::string response = client.read_until("\n199999\n");
  EXPECT_TRUE(response.ends_with("\r\n\r\n" + expected));
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(is_destroyed());
}

TEST_F(StreamedAnswerTest, WhatFailsHalfWayIsSeenToBeCut) {
  start(10, 7);
  SocketClient client(server_->address());
  client.send("GET /numbers HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "") << "there is no end";
  EXPECT_TRUE(is_destroyed());
}

TEST_F(StreamedAnswerTest, NoMoreIsMadeThanTheClientTakesAndNothingOnceItHasGone) {
  start(std::numeric_limits<int>::max());
  auto client = std::make_unique<SocketClient>(server_->address());
  client->send(kGet);
  EXPECT_NE(client->read_until("\n100000\n"), "");
  client.reset();
  EXPECT_TRUE(is_destroyed());
}

TEST_F(StreamedAnswerTest, AStopIsNotHeldUp) {
  start(std::numeric_limits<int>::max());
  SocketClient client(server_->address());
  client.send(kGet);
  EXPECT_NE(client.read_until("\n1000\n"), "");
  server_->stop();
  EXPECT_TRUE(is_destroyed());
}

}  // namespace
}  // namespace omashu::http
