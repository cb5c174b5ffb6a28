#include "sink/dynamodb/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "http_client/testing/scripted_server.h"

namespace omashu::sink::dynamodb {
namespace {

using namespace std::chrono_literals;
using http_client::testing::ScriptedReply;
using http_client::testing::ScriptedRequest;
using http_client::testing::ScriptedServer;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using Kind = WriteFailure::Kind;

std::unique_ptr<Api> open(const std::string& url, int max_in_flight = 8) {
  auto api = Api::open({.endpoint = url,
                        .region = "eu-central-1",
                        .table = "t",
                        .max_in_flight = max_in_flight,
                        .first_backoff = 1ms,
                        .longest_backoff = 2ms})
                 .value();
  api->use({"AKID", "secret", "token"});
  return api;
}

ScriptedReply error_reply(int status, const std::string& type) {
  return {.status = status, .body = R"({"__type":"x#)" + type + R"(","message":"told so"})"};
}

class CountedStatements : public StatementSource {
 public:
  explicit CountedStatements(size_t count) : count_(count) {}

  std::optional<std::pair<size_t, Statement>> next() override {
    if (taken_ == count_) return std::nullopt;
    ++taken_;
    return std::pair(taken_, Statement{"PutItem", "{\"n\":" + std::to_string(taken_) + "}"});
  }
  void on_answer(size_t, Answer answer) override { verdicts_.push_back(answer.verdict); }

  std::vector<Verdict> verdicts_;

 private:
  const size_t count_;
  size_t taken_ = 0;
};

TEST(Api, RequestsAreSignedAndNameTheirOperation) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedReply{.body = "{}"}; });
  const auto api = open(server.url());
  EXPECT_EQ(api->call({"DescribeTable", "{}"}, {}).verdict, Verdict::kDone);
  const ScriptedRequest request = server.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/");
  EXPECT_THAT(request.head, HasSubstr("x-amz-target: DynamoDB_20120810.DescribeTable\r\n"));
  EXPECT_THAT(request.head, HasSubstr("content-type: application/x-amz-json-1.0\r\n"));
  EXPECT_THAT(request.head, HasSubstr("x-amz-security-token: token\r\n"));
  EXPECT_THAT(request.head,
              AllOf(HasSubstr("authorization: AWS4-HMAC-SHA256 Credential=AKID/"),
                    HasSubstr("/eu-central-1/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;"
                              "x-amz-security-token;x-amz-target, Signature=")));
  EXPECT_THAT(request.head, ::testing::Not(HasSubstr("secret")));
}

TEST(Api, ManyAreUnderWayAtOnceAndEachIsAnswered) {
  std::latch together(4);
  ScriptedServer server([&](const ScriptedRequest&) {
    together.arrive_and_wait();
    return ScriptedReply{.body = "{}"};
  });
  const auto api = open(server.url(), 4);
  CountedStatements statements(4);
  EXPECT_TRUE(api->run(statements, {}).has_value());
  EXPECT_THAT(statements.verdicts_, ::testing::SizeIs(4));
  EXPECT_EQ(server.connections(), 4);
}

TEST(Api, WhatIsThrottledIsSentAgainWithFewerAtOnce) {
  ScriptedServer server([](const ScriptedRequest& request) {
    return request.number <= 6 ? error_reply(400, "ProvisionedThroughputExceededException")
                               : ScriptedReply{.body = "{}"};
  });
  const auto api = open(server.url());
  CountedStatements statements(8);
  EXPECT_TRUE(api->run(statements, {}).has_value());
  EXPECT_THAT(statements.verdicts_, AllOf(::testing::SizeIs(8), Each(Verdict::kDone)));
  EXPECT_EQ(api->counts().throttled, 6u);
  EXPECT_EQ(api->counts().requests, 14u);
}

TEST(Api, AServiceThatFailsOrCutsIsAskedAgain) {
  ScriptedServer server([](const ScriptedRequest& request) -> ScriptedReply {
    if (request.number == 1) return error_reply(500, "InternalServerError");
    if (request.number == 2) return {.close_at_once = true};
    if (request.number == 3) return {.body = "{\"long\":1}", .close_in_body = true};
    return {.body = "{}"};
  });
  const auto api = open(server.url());
  CountedStatements statements(1);
  EXPECT_TRUE(api->run(statements, {}).has_value());
  EXPECT_THAT(statements.verdicts_, Each(Verdict::kDone));
}

TEST(Api, AServiceThatStaysAwayIsTriedAgainByTheEngine) {
  ScriptedServer server([](const ScriptedRequest&) { return error_reply(503, "ServiceUnavailable"); });
  CountedStatements statements(20);
  const auto api = open(server.url());
  const WriteResult result = api->run(statements, {});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, Kind::kTryAgain);
  EXPECT_THAT(result.error().error.message, HasSubstr("HTTP 503"));
}

TEST(Api, WithoutTheTableItStops) {
  ScriptedServer server([](const ScriptedRequest&) { return error_reply(400, "ResourceNotFoundException"); });
  CountedStatements statements(20);
  const auto api = open(server.url());
  const WriteResult result = api->run(statements, {});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, Kind::kStop);
}

TEST(Api, CredentialsThatAreTooOldAreReportedOnce) {
  ScriptedServer server([](const ScriptedRequest&) { return error_reply(400, "ExpiredTokenException"); });
  CountedStatements statements(1);
  const auto api = open(server.url());
  const WriteResult result = api->run(statements, {});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, Kind::kTryAgain);
  EXPECT_TRUE(api->take_expired());
  EXPECT_FALSE(api->take_expired());
}

TEST(Api, AStopEndsTheWaitAtOnce) {
  std::stop_source stop;
  ScriptedServer silent([&](const ScriptedRequest&) {
    stop.request_stop();
    return ScriptedReply{.never = true};
  });
  const auto api = open(silent.url());
  CountedStatements statements(3);
  const WriteResult result = api->run(statements, stop.get_token());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, Kind::kTryAgain);
}

TEST(Api, EndpointsAreUrlsOfHosts) {
  EXPECT_EQ(default_endpoint("eu-central-1"), "https://dynamodb.eu-central-1.amazonaws.com");
  EXPECT_EQ(default_endpoint("cn-north-1"), "https://dynamodb.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(parse_endpoint("http://127.0.0.1:8000/").value(), "http://127.0.0.1:8000");
  EXPECT_EQ(parse_endpoint("http://[::1]:8000").value(), "http://[::1]:8000");
  for (const char* wrong :
       {"", "127.0.0.1:8000", "http://", "http://a/b", "http://u:p@host", "http://a b", "ftp://a"}) {
    EXPECT_FALSE(parse_endpoint(wrong).has_value()) << wrong;
  }
  EXPECT_TRUE(is_loopback("http://localhost:8000"));
  EXPECT_FALSE(is_loopback("http://localhost.example.org"));
}

}  // namespace
}  // namespace omashu::sink::dynamodb
