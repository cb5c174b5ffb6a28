#include "http_client/http_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "http_client/testing/scripted_server.h"

namespace omashu::http_client {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;
using Kind = AttemptOutcome::Kind;

std::unique_ptr<HttpLoop> start(size_t max_response_bytes = 1 << 20) {
  return HttpLoop::start({.max_in_flight = 2,
                          .max_response_bytes = max_response_bytes,
                          .connect_timeout = 10s,
                          .headers = {"X-Of-The-Loop: 1"}})
      .value();
}

// Sends one exchange once; can stream the answer.
class TestJob : public HttpJob {
 public:
  explicit TestJob(HttpExchange exchange) : exchange_(std::move(exchange)) { exchange_.is_direct = true; }

  HttpExchange begin(std::chrono::steady_clock::time_point) override { return exchange_; }

  bool on_head(const HttpHead& head) override {
    head_ = head;
    return is_streamed_;
  }
  bool on_body(std::string_view bytes) override {
    streamed_ += bytes;
    return !is_refused_;
  }
  std::optional<std::chrono::milliseconds> end(HttpOutcome outcome, std::chrono::steady_clock::time_point) override {
    outcome_.set_value(std::move(outcome));
    return std::nullopt;
  }

  HttpOutcome wait() { return outcome_.get_future().get(); }

  bool is_streamed_ = false;
  bool is_refused_ = false;
  HttpHead head_;
  std::string streamed_;

 private:
  HttpExchange exchange_;
  std::promise<HttpOutcome> outcome_;
};

std::shared_ptr<TestJob> job_for(const std::string& url, const std::string& method = "GET") {
  HttpExchange exchange;
  exchange.method = method;
  exchange.url = url;
  exchange.body = method == "POST" ? "asked" : "";
  exchange.headers = {"X-Of-The-Request: 2"};
  return std::make_shared<TestJob>(std::move(exchange));
}

TEST(HttpLoop, AnAnswerComesWithItsHeadersAndItsBody) {
  ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedReply{.status = 429, .body = "later", .headers = {"Retry-After: 3", "X-Told:  two  words "}};
  });
  const auto loop = start();
  const auto job = job_for(server.url() + "/a/../b", "POST");
  loop->submit(job);
  const HttpOutcome outcome = job->wait();
  EXPECT_EQ(outcome.kind, Kind::kAnswered);
  EXPECT_EQ(outcome.status, 429);
  EXPECT_EQ(outcome.retry_after, 3s);
  EXPECT_EQ(outcome.body, "later");
  EXPECT_EQ(outcome.content_type, "application/json");
  EXPECT_THAT(outcome.headers, Contains(Pair("X-Told", "two  words")));
  const ScriptedRequest request = server.requests().at(0);
  EXPECT_EQ(request.target, "/a/../b");
  EXPECT_EQ(request.body, "asked");
  EXPECT_THAT(request.head, HasSubstr("X-Of-The-Loop: 1\r\n"));
  EXPECT_THAT(request.head, HasSubstr("X-Of-The-Request: 2\r\n"));
}

TEST(HttpLoop, AnAnswerThatIsPassedOnGoesToTheJobAsItComesAndHasNoBound) {
  const std::string large(100'000, 'x');
  ScriptedServer server([&](const ScriptedRequest&) { return ScriptedReply{.status = 206, .body = large}; });
  const auto loop = start(10);
  const auto job = job_for(server.url());
  job->is_streamed_ = true;
  loop->submit(job);
  const HttpOutcome outcome = job->wait();
  EXPECT_EQ(outcome.kind, Kind::kAnswered);
  EXPECT_THAT(outcome.body, IsEmpty());
  EXPECT_EQ(job->streamed_, large);
  EXPECT_EQ(job->head_.status, 206);
  EXPECT_THAT(job->head_.headers, Contains(Pair("Content-Length", "100000")));
}

TEST(HttpLoop, AJobThatWantsNoMoreOfAnAnswerEndsTheRequest) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedReply{.body = "much"}; });
  const auto loop = start();
  const auto job = job_for(server.url());
  job->is_streamed_ = job->is_refused_ = true;
  loop->submit(job);
  EXPECT_EQ(job->wait().kind, Kind::kHopeless);
}

TEST(HttpLoop, AnAnswerAboveTheBoundIsRefused) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedReply{.body = "0123456789a"}; });
  const auto loop = start(10);
  const auto job = job_for(server.url());
  loop->submit(job);
  const HttpOutcome outcome = job->wait();
  EXPECT_EQ(outcome.kind, Kind::kHopeless);
  EXPECT_EQ(outcome.detail, "the answer is larger than 10 bytes");
}

TEST(HttpLoop, ItsEndEndsWhatIsUnderWay) {
  std::latch asked(1);
  ScriptedServer server([&](const ScriptedRequest&) {
    asked.count_down();
    return ScriptedReply{.never = true};
  });
  auto loop = start();
  const auto job = job_for(server.url());
  loop->submit(job);
  asked.wait();
  loop.reset();
  EXPECT_EQ(job->wait().kind, Kind::kCancelled);
}

TEST(HttpLoop, WhereNobodyListensThereIsNoAnswerAndNoConnection) {
  const auto loop = start();
  const auto job = job_for(testing::unused_url());
  loop->submit(job);
  const HttpOutcome outcome = job->wait();
  EXPECT_EQ(outcome.kind, Kind::kNoAnswer);
  EXPECT_FALSE(outcome.was_connected);
}

}  // namespace
}  // namespace omashu::http_client
