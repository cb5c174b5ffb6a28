#include "schema_registry/client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "http_client/testing/scripted_server.h"

namespace omashu::schema_registry {
namespace {

using namespace std::chrono_literals;
using http_client::testing::ScriptedReply;
using http_client::testing::ScriptedRequest;
using http_client::testing::ScriptedServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const SchemaText kInt{.schema = R"("int")"};
constexpr const char* kIntBody = R"({"schema":"\"int\""})";
constexpr const char* kIntVersion = R"({"subject":"s","version":1,"id":7,"schema":"\"int\""})";

ClientOptions options_for(std::vector<std::string> urls) {
  ClientOptions options;
  options.urls = std::move(urls);
  options.first_backoff = 1ms;
  options.longest_backoff = 2ms;
  return options;
}

std::unique_ptr<Client> open(ClientOptions options) { return Client::open(std::move(options)).value(); }
std::unique_ptr<Client> open(const ScriptedServer& server) { return open(options_for({server.url()})); }

ScriptedReply error_reply(int status, int code) {
  return {.status = status, .body = R"({"error_code":)" + std::to_string(code) + R"(,"message":"told so"})"};
}

// Answers the first requests with `first`, later ones with `then`.
ScriptedServer::Script first_then(int count, ScriptedReply first, ScriptedReply then) {
  return [=](const ScriptedRequest& request) { return request.number <= count ? first : then; };
}

ScriptedServer::Script always(ScriptedReply reply) {
  return [reply](const ScriptedRequest&) { return reply; };
}

TEST(RegistryClient, SendsWhatConfluentsServersExpect) {
  ScriptedServer server(always({.body = R"({"id":7})"}));
  EXPECT_EQ(open(options_for({server.url() + "/base/v7/"}))->register_schema("a/b c", kInt, true).value(), SchemaId{7});
  const ScriptedRequest request = server.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/base/v7/subjects/a%2Fb%20c/versions?normalize=true");
  EXPECT_EQ(request.body, kIntBody);
  EXPECT_THAT(request.head, HasSubstr("Content-Type: application/vnd.schemaregistry.v1+json\r\n"));
  EXPECT_THAT(request.head, HasSubstr("Accept: application/vnd.schemaregistry.v1+json"));
  EXPECT_THAT(request.head, Not(HasSubstr("Authorization")));
}

TEST(RegistryClient, EachCallHasItsPath) {
  ScriptedServer server([](const ScriptedRequest& request) -> ScriptedReply {
    const std::string_view target = request.target;
    if (request.method == "DELETE") return {.body = target.find("versions") != target.npos ? "2" : "[1,2]"};
    if (target.ends_with("referencedby")) return {.body = "[7]"};
    if (target.starts_with("/schemas/ids/7/versions")) return {.body = R"([{"subject":"s","version":1}])"};
    if (target.starts_with("/schemas")) return {.body = kIntBody};
    if (target.starts_with("/compatibility")) return {.body = R"({"is_compatible":false,"messages":["no"]})"};
    if (target.starts_with("/config")) return {.body = R"({"compatibilityLevel":"FULL"})"};
    if (target.starts_with("/mode")) return {.body = R"({"mode":"READWRITE"})"};
    if (target.ends_with("/versions") || target.ends_with("/versions?deleted=true")) return {.body = "[1,2]"};
    return {.body = target.starts_with("/subjects?") || target == "/subjects" ? R"(["s"])" : kIntVersion};
  });
  const auto client = open(server);
  const SubjectVersion expected{"s", 1, SchemaId{7}, std::nullopt, kInt};
  EXPECT_THAT(client->subjects().value(), ElementsAre("s"));
  EXPECT_THAT(client->versions("s").value(), ElementsAre(1, 2));
  EXPECT_EQ(client->latest("s").value(), expected);
  EXPECT_EQ(client->version("s", 1).value(), expected);
  EXPECT_EQ(client->referenced_versions(std::vector<SubjectAndVersion>{{"s", 1}}).at(0).value(), expected);
  EXPECT_EQ(client->schema_by_id(SchemaId{7}).value(), kInt);
  EXPECT_EQ(client->schema_by_guid("ab-cd").value(), kInt);
  EXPECT_THAT(client->versions_of_id(SchemaId{7}).value(), ElementsAre(SubjectAndVersion{"s", 1}));
  EXPECT_THAT(client->referenced_by("s", 1).value(), ElementsAre(SchemaId{7}));
  EXPECT_EQ(client->lookup("s", kInt, false).value(), expected);
  EXPECT_EQ(client->check_compatibility("s", kInt, std::nullopt).value(), (CompatibilityVerdict{false, {"no"}}));
  EXPECT_EQ(client->compatibility_level("s").value(), "FULL");
  EXPECT_EQ(client->compatibility_level("").value(), "FULL");
  EXPECT_EQ(client->own_compatibility_level("s").value(), "FULL");
  EXPECT_TRUE(client->set_compatibility_level("s", "NONE").has_value());
  EXPECT_TRUE(client->clear_compatibility_level("s").has_value());
  EXPECT_EQ(client->mode("").value(), "READWRITE");
  EXPECT_THAT(client->subjects(true).value(), ElementsAre("s"));
  EXPECT_THAT(client->versions_of_all(std::vector<std::string>{"s"}, true).at(0).value(), ElementsAre(1, 2));
  EXPECT_FALSE(client->check_compatibility_at_level("s", kInt).value().is_compatible);
  EXPECT_THAT(client->delete_subject("s", false).value(), ElementsAre(1, 2));
  EXPECT_EQ(client->delete_version("s", 2, true).value(), 2);

  std::vector<std::string> seen;
  for (const ScriptedRequest& request : server.requests()) seen.push_back(request.method + ' ' + request.target);
  EXPECT_THAT(
      seen,
      ElementsAre("GET /subjects", "GET /subjects/s/versions", "GET /subjects/s/versions/latest",
                  "GET /subjects/s/versions/1", "GET /subjects/s/versions/1?deleted=true", "GET /schemas/ids/7",
                  "GET /schemas/guids/ab-cd", "GET /schemas/ids/7/versions", "GET /subjects/s/versions/1/referencedby",
                  "POST /subjects/s", "POST /compatibility/subjects/s/versions/latest?verbose=true",
                  "GET /config/s?defaultToGlobal=true", "GET /config", "GET /config/s", "PUT /config/s",
                  "DELETE /config/s", "GET /mode", "GET /subjects?deleted=true",
                  "GET /subjects/s/versions?deleted=true", "POST /compatibility/subjects/s/versions?verbose=true",
                  "DELETE /subjects/s", "DELETE /subjects/s/versions/2?permanent=true"));
}

TEST(RegistryClient, CredentialsGoToTheServerAndNeverIntoAnError) {
  ScriptedServer server(always(error_reply(401, 401)));
  std::string url = server.url();
  url.insert(7, "alice:s%20cret@");
  const Error error = open(options_for({url}))->latest("s").error();
  EXPECT_THAT(server.requests().at(0).head, HasSubstr("Authorization: Basic YWxpY2U6cyBjcmV0\r\n"));
  EXPECT_EQ(error.code, ErrorCode::kUnauthorized);
  EXPECT_THAT(error.message, HasSubstr("GET " + server.url() + "/subjects/s/versions/latest: told so"));
  EXPECT_THAT(error.message, Not(HasSubstr("cret")));

  ClientOptions options = options_for({server.url()});
  options.basic_auth_user_info = "bob:pass:word";
  (void)open(options)->latest("s");
  EXPECT_THAT(server.requests().at(1).head, HasSubstr("Authorization: Basic Ym9iOnBhc3M6d29yZA==\r\n"));

  options = options_for({server.url()});
  options.bearer_token = "tok";
  (void)open(options)->latest("s");
  EXPECT_THAT(server.requests().at(2).head, HasSubstr("Authorization: Bearer tok\r\n"));
}

TEST(RegistryClient, ErrorsOfTheRegistryAreTyped) {
  ScriptedServer server([](const ScriptedRequest& request) {
    if (request.method == "POST") return error_reply(409, 409);
    return request.target.starts_with("/schemas") ? error_reply(404, 40403) : error_reply(404, 40401);
  });
  const auto client = open(server);
  EXPECT_EQ(client->latest("s").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(client->schema_by_id(SchemaId{1}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(client->register_schema("s", kInt, false).error().code, ErrorCode::kIncompatible);
}

TEST(RegistryClient, WhatAServerDoesNotOfferIsNotFound) {
  ScriptedServer server(always({.status = 404, .body = R"({"error_code":0,"message":"no resource for the path"})"}));
  const auto client = open(server);
  EXPECT_EQ(client->mode("").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(client->schema_by_guid("ab-cd").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(client->subjects().error().code, ErrorCode::kInternal) << "every registry has this one";
}

TEST(RegistryClient, ANewSubjectHasTheGlobalLevelAndIsCompatibleOnEveryServer) {
  ScriptedServer server([](const ScriptedRequest& request) -> ScriptedReply {
    if (request.target == "/config") return {.body = R"({"compatibilityLevel":"FULL"})"};
    if (request.target.starts_with("/config/old")) return {.body = R"({"compatibilityLevel":"NONE"})"};
    return error_reply(404, 40401);
  });
  const auto client = open(server);
  EXPECT_EQ(client->compatibility_level("new").value(), "FULL");
  const auto levels = client->compatibility_level_of_all(std::vector<std::string>{"new", "old", "newer"});
  EXPECT_EQ(levels.at(0).value() + levels.at(1).value() + levels.at(2).value(), "FULLNONEFULL");
  EXPECT_EQ(client->check_compatibility("new", kInt, std::nullopt).value(), CompatibilityVerdict{true});
  EXPECT_EQ(client->check_compatibility("new", kInt, 3).error().code, ErrorCode::kNotFound);
}

TEST(RegistryClient, NonsenseIsAnErrorThatShowsIt) {
  for (const char* body : {"<html>login</html>", "", "{}", "[1]", R"({"schema":5})"}) {
    ScriptedServer server(always({.body = body}));
    const Error error = open(server)->schema_by_id(SchemaId{1}).error();
    EXPECT_EQ(error.code, ErrorCode::kInternal) << body;
    EXPECT_THAT(error.message, HasSubstr(server.url() + "/schemas/ids/1"));
    EXPECT_EQ(server.requests().size(), 1u);
  }
}

TEST(RegistryClient, AServerThatCannotNowIsAskedAgain) {
  for (const ScriptedReply& bad :
       {error_reply(500, 50001), error_reply(503, 50003), error_reply(429, 429), error_reply(408, 408),
        ScriptedReply{.close_at_once = true}, ScriptedReply{.body = kIntVersion, .close_in_body = true}}) {
    ScriptedServer server(first_then(2, bad, {.body = kIntVersion}));
    const Result<SubjectVersion> latest = open(server)->latest("s");
    EXPECT_TRUE(latest.has_value()) << bad.status << latest.error().message;
    EXPECT_EQ(server.requests().size(), 3u);
  }
}

TEST(RegistryClient, AFaultThatStaysIsReportedAfterThreeMoreTries) {
  ScriptedServer server(always(error_reply(500, 50001)));
  const Error error = open(server)->latest("s").error();
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr("told so (error 50001) (4 attempts)"));
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST(RegistryClient, ARepeatedPostCarriesItsBody) {
  ScriptedServer server(first_then(1, error_reply(503, 503), {.body = R"({"id":1})"}));
  EXPECT_TRUE(open(server)->register_schema("s", kInt, false).has_value());
  EXPECT_EQ(server.requests().at(1).body, kIntBody);
}

TEST(RegistryClient, FailsOverToTheNextUrlAndStaysThere) {
  ScriptedServer away(always({.status = 503, .body = "<html>"}));
  ScriptedServer there(always({.body = kIntVersion}));
  const auto client = open(options_for({http_client::testing::unused_url(), away.url(), there.url()}));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client->latest("s").has_value());
  EXPECT_EQ(away.requests().size(), 1u) << "the URL that answered is asked first from then on";
  EXPECT_EQ(there.requests().size(), 3u);
}

TEST(RegistryClient, AServerThatNeverAnswersMakesWayForTheNext) {
  ScriptedServer silent(always({.never = true}));
  ScriptedServer there(always({.body = kIntVersion}));
  ClientOptions options = options_for({silent.url(), there.url()});
  options.attempt_timeout = 50ms;
  EXPECT_TRUE(open(options)->latest("s").has_value());
  EXPECT_EQ(silent.requests().size(), 1u);
}

TEST(RegistryClient, NobodyThereIsOneClearLineWithinTheTimeout) {
  const std::string first = http_client::testing::unused_url();
  const std::string second = http_client::testing::unused_url();
  ClientOptions options = options_for({first, second});
  options.timeout = 20ms;
  const Error error = open(options)->wait_until_ready(20ms).error();
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr(first));
  EXPECT_THAT(error.message, HasSubstr(second));
  EXPECT_THAT(error.message, HasSubstr("is the schema registry running there?"));
}

TEST(RegistryClient, AUrlWhereNobodyEverAnsweredIsGivenUpBeforeTheTimeIsUp) {
  ClientOptions options = options_for({http_client::testing::unused_url()});
  options.timeout = 1h;
  options.unreachable_timeout = 20ms;
  EXPECT_EQ(open(options)->latest("s").error().code, ErrorCode::kUnavailable);
}

TEST(RegistryClient, ASlowServerIsNoneThatIsAway) {
  ScriptedServer silent_at_first([](const ScriptedRequest& request) {
    return request.number <= 3 ? ScriptedReply{.never = true} : ScriptedReply{.body = kIntVersion};
  });
  ClientOptions options = options_for({silent_at_first.url()});
  options.attempt_timeout = 50ms;
  options.unreachable_timeout = 1ms;
  EXPECT_TRUE(open(options)->latest("s").has_value());
}

TEST(RegistryClient, SaysWhenACallBeginsAndEnds) {
  ScriptedServer server(always({.body = kIntVersion}));
  std::atomic<int> under_way = 0, begun = 0;
  ClientOptions options = options_for({server.url()});
  options.on_call = [&](int change) {
    under_way += change;
    begun += change > 0 ? 1 : 0;
  };
  const auto client = open(options);
  EXPECT_TRUE(client->latest("s").has_value());
  EXPECT_EQ(begun, 1);
  EXPECT_EQ(under_way, 0);
}

TEST(RegistryClient, SilenceIsATimeout) {
  ScriptedServer silent(always({.never = true}));
  ClientOptions options = options_for({silent.url()});
  options.timeout = 30ms;
  EXPECT_EQ(open(options)->latest("s").error().code, ErrorCode::kTimeout);
}

TEST(RegistryClient, WaitsUntilTheRegistryIsReady) {
  ScriptedServer server(first_then(5, {.status = 503}, {.body = "[]"}));
  EXPECT_TRUE(open(server)->wait_until_ready(60s).has_value());
  EXPECT_EQ(server.requests().size(), 6u);
}

TEST(RegistryClient, AnAnswerBeyondTheBoundIsRefused) {
  ScriptedServer server(always({.body = std::string(2000, ' ')}));
  ClientOptions options = options_for({server.url()});
  options.max_response_bytes = 1999;
  const Error error = open(options)->subjects().error();
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr("larger than 1999 bytes"));
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(RegistryClient, EndlessHeadersAreRefused) {
  ScriptedServer server(always({.headers = std::vector<std::string>(6000, "X-Padding: " + std::string(80, 'x'))}));
  EXPECT_EQ(open(server)->subjects().error().code, ErrorCode::kUnavailable);
}

TEST(RegistryClient, CallsAfterEachOtherShareAConnection) {
  ScriptedServer server(always({.body = kIntVersion}));
  const auto client = open(server);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(client->latest("s").has_value());
  EXPECT_EQ(server.connections(), 1);
}

TEST(RegistryClient, ABatchIsInFlightTogetherUpToTheLimit) {
  std::latch four_at_once(4);  // the server answers none before four requests have come
  ScriptedServer server([&](const ScriptedRequest& request) -> ScriptedReply {
    if (request.number <= 4) four_at_once.arrive_and_wait();
    return {.body = request.target == "/subjects/s7/versions" ? "[7]" : "[1]"};
  });
  ClientOptions options = options_for({server.url()});
  options.max_in_flight = 4;
  std::vector<std::string> subjects;
  for (int i = 0; i < 200; ++i) subjects.push_back("s" + std::to_string(i));
  const auto answers = open(options)->versions_of_all(subjects);
  for (size_t i = 0; i < answers.size(); ++i) {
    ASSERT_TRUE(answers[i].has_value()) << answers[i].error().message;
    EXPECT_THAT(*answers[i], ElementsAre(i == 7 ? 7 : 1));
  }
  EXPECT_EQ(server.connections(), 4);
}

TEST(RegistryClient, SixteenThreadsLookAnIdUpOnce) {
  std::latch all_started(16);
  ScriptedServer server([&](const ScriptedRequest&) -> ScriptedReply {
    all_started.wait();
    return {.body = kIntBody};
  });
  const auto client = open(server);
  std::vector<std::thread> threads;
  std::atomic<int> succeeded = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      all_started.count_down();
      if (client->schema_by_id(SchemaId{7}).has_value()) ++succeeded;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(succeeded, 16);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(RegistryClient, ImmutableAnswersAreCached) {
  ScriptedServer server([](const ScriptedRequest& request) -> ScriptedReply {
    if (request.target.ends_with("/versions")) return {.body = R"({"id":7})"};
    return {.body = request.target.starts_with("/schemas") ? kIntBody : kIntVersion};
  });
  const auto client = open(server);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(client->schema_by_id(SchemaId{7}).has_value());
    EXPECT_TRUE(client->version("s", 1).has_value());
    EXPECT_TRUE(client->lookup("s", kInt, false).has_value());
    EXPECT_TRUE(client->register_schema("s", kInt, false).has_value());
  }
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST(RegistryClient, AFailedLookUpIsRememberedForAShortTimeOnly) {
  ScriptedServer server(first_then(1, error_reply(404, 40403), {.body = kIntBody}));
  std::atomic<std::chrono::steady_clock::time_point> now{};
  ClientOptions options = options_for({server.url()});
  options.clock = [&] { return now.load(); };
  const auto client = open(options);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(client->schema_by_id(SchemaId{7}).has_value());
  EXPECT_EQ(server.requests().size(), 1u);
  now = now.load() + options.failure_ttl;
  EXPECT_TRUE(client->schema_by_id(SchemaId{7}).has_value());
}

TEST(RegistryClient, AWriteMakesEarlierFailuresAndDeletedVersionsForgotten) {
  ScriptedServer server([](const ScriptedRequest& request) -> ScriptedReply {
    if (request.method == "DELETE") return {.body = "[1]"};
    if (request.target.ends_with("/versions")) return {.body = R"({"id":7})"};
    return request.number == 1 ? error_reply(404, 40402) : ScriptedReply{.body = kIntVersion};
  });
  const auto client = open(server);
  EXPECT_FALSE(client->version("s", 1).has_value());
  EXPECT_TRUE(client->register_schema("s", kInt, false).has_value());
  EXPECT_TRUE(client->version("s", 1).has_value());
  EXPECT_TRUE(client->delete_subject("s", false).has_value());
  EXPECT_TRUE(client->version("s", 1).has_value());
  EXPECT_TRUE(client->register_schema("s", kInt, false).has_value());
  EXPECT_EQ(server.requests().size(), 6u) << "after the deletion both were asked for anew";
}

TEST(RegistryClient, ClosingEndsCallsUnderWay) {
  std::latch asked(1);
  ScriptedServer silent([&](const ScriptedRequest&) {
    asked.count_down();
    return ScriptedReply{.never = true};
  });
  auto client = open(silent);
  Result<SubjectVersion> result = fail(ErrorCode::kInternal, "");
  std::thread caller([&, client = client.get()] { result = client->latest("s"); });
  asked.wait();
  client.reset();
  caller.join();
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
}

TEST(RegistryClient, WrongUrlsAreRefusedAtOnce) {
  EXPECT_EQ(Client::open(options_for({})).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Client::open(options_for({"localhost:8081"})).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace omashu::schema_registry
