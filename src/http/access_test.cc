#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/base64.h"
#include "base/json.h"
#include "http/server.h"
#include "http/testing/socket_client.h"

namespace omashu::http {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::body_of;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::SocketClient;
using testing::status_of;

// Who may do what, over the wire: /healthz is public, /tables for whoever has logged in, /tables/{table} read by GET
// and written by PUT, /admin for administrators.
class AccessTest : public ::testing::Test {
 protected:
  Server& start(ServerOptions options = {}) {
    const Handler hello = [](const ExchangePtr& exchange) {
      exchange->answer({.content_type = "text/plain", .body = "hello " + exchange->request().user});
    };
    Router router;
    router.add(Method::kGet, "/healthz", Access::kPublic, hello);
    router.add(Method::kGet, "/tables", Access::kKnown, hello);
    router.add(Method::kGet, "/tables/{table}", Access::kRead, hello);
    router.add(Method::kPut, "/tables/{table}", Access::kWrite, hello);
    router.add(Method::kGet, "/everything", Access::kRead, hello);
    router.add(Method::kPost, "/admin", Access::kAdmin, hello);
    server_ = Server::bind(std::move(options)).value();
    server_->serve(std::move(router));
    return *server_;
  }

  static std::string request(const std::string& method_and_path, const std::string& fields = "") {
    return method_and_path + " HTTP/1.1\r\nHost: localhost:1\r\n" + fields + "\r\n";
  }

  std::unique_ptr<Server> server_;
};

ServerOptions with_tokens() {
  ServerOptions options;
  // SHA-256 of secret-token; crypt(3) of "secret", with few rounds.
  options.authenticator = std::make_shared<Authenticator>(
      PasswordFile::parse("alice:$5$rounds=1000$salt$CCvcOM6b7TEJDPb37Aec/9UpOg4QhPNAxPpL9ZzjTB7").value(),
      TokenFile::parse("ci:930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94:read@a-*,write@a-1")
          .value());
  return options;
}

TEST_F(AccessTest, ATokenLetsInToTheTablesOfItsRoles) {
  SocketClient client(start(with_tokens()).address());
  const auto status_for = [&](const std::string& what, const std::string& token = "secret-token") {
    return status_of(client.ask(request(what, "Authorization: Bearer " + token + "\r\n")));
  };
  EXPECT_EQ(status_for("GET /tables"), 200);
  EXPECT_EQ(status_for("GET /tables/a-2"), 200);
  EXPECT_EQ(status_for("GET /tables/b"), 403);
  EXPECT_EQ(status_for("PUT /tables/a-1"), 200);
  EXPECT_EQ(status_for("PUT /tables/a-2"), 403);
  EXPECT_EQ(status_for("GET /everything"), 403);
  EXPECT_EQ(status_for("POST /admin"), 403);
  EXPECT_EQ(status_for("GET /tables", "wrong"), 401);
  EXPECT_EQ(status_for("GET /nothing"), 404);
  EXPECT_EQ(status_for("GET /nothing", "wrong"), 401);
  const std::string alice = "Authorization: Basic " + to_base64("alice:secret") + "\r\n";
  EXPECT_EQ(body_of(client.ask(request("POST /admin", alice))), "hello alice");
}

TEST_F(AccessTest, WhatIsPublicNeedsNoLogin) {
  SocketClient client(start(with_tokens()).address());
  EXPECT_EQ(status_of(client.ask(request("GET /healthz"))), 200);
  EXPECT_EQ(status_of(client.ask(request("GET /healthz", "Authorization: Bearer wrong\r\n"))), 200);
  const std::string refusal = client.ask(request("GET /tables"));
  EXPECT_EQ(status_of(refusal), 401);
  EXPECT_THAT(refusal, HasSubstr("WWW-Authenticate: Basic realm=\"omashu\", charset=\"UTF-8\", Bearer realm="));
}

// ---- Pages of other origins

TEST_F(AccessTest, PagesOfNamedOriginsMayAskAndWriteAndOthersMayNot) {
  ServerOptions options;
  options.allowed_origins = {"https://app.example"};
  SocketClient client(start(std::move(options)).address());
  const std::string app = client.ask(request("GET /tables", "Origin: https://app.example\r\n"));
  EXPECT_THAT(app, AllOf(HasSubstr("Access-Control-Allow-Origin: https://app.example\r\n"),
                         HasSubstr("Access-Control-Allow-Credentials: true\r\n"), HasSubstr("Vary: Origin\r\n"),
                         HasSubstr("Access-Control-Expose-Headers: ETag, ")));
  EXPECT_EQ(status_of(client.ask(request("PUT /tables/t", "Origin: https://app.example\r\n"))), 200);
  const std::string evil = client.ask(request("GET /tables", "Origin: https://evil.example\r\n"));
  EXPECT_THAT(evil, AllOf(HasSubstr(" 200 "), HasSubstr("Vary: Origin\r\n"), Not(HasSubstr("Access-Control"))));
  EXPECT_EQ(status_of(client.ask(request("PUT /tables/t", "Origin: https://evil.example\r\n"))), 403);
  EXPECT_THAT(client.ask(request("GET /nothing", "Origin: https://app.example\r\n")),
              AllOf(HasSubstr(" 404 "), HasSubstr("Access-Control-Allow-Origin: https://app.example\r\n")))
      << "a page must see what is wrong";
}

TEST_F(AccessTest, ABrowserThatAsksBeforehandIsToldWithoutALogin) {
  ServerOptions options = with_tokens();
  options.allowed_origins = {"https://app.example"};
  SocketClient client(start(std::move(options)).address());
  const std::string question = "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: if-match\r\n";
  const std::string answer = client.ask(request("OPTIONS /tables/t", "Origin: https://app.example\r\n" + question));
  EXPECT_THAT(answer, AllOf(HasSubstr(" 204 "), HasSubstr("Access-Control-Allow-Methods: GET, PUT\r\n"),
                            HasSubstr("Access-Control-Allow-Headers: if-match\r\n"),
                            HasSubstr("Access-Control-Allow-Origin: https://app.example\r\n"),
                            HasSubstr("Access-Control-Max-Age: ")));
  EXPECT_EQ(status_of(client.ask(request("OPTIONS /tables/t", "Origin: https://evil.example\r\n" + question))), 401);
  EXPECT_EQ(status_of(client.ask(request("OPTIONS /nothing", "Origin: https://app.example\r\n" + question))), 404);
}

TEST_F(AccessTest, WhereEveryOriginMayReadNoneMayWrite) {
  ServerOptions options;
  options.allowed_origins = {"*"};
  SocketClient client(start(std::move(options)).address());
  const std::string any = client.ask(request("GET /tables", "Origin: https://any.example\r\n"));
  EXPECT_THAT(any, AllOf(HasSubstr("Access-Control-Allow-Origin: *\r\n"), Not(HasSubstr("Allow-Credentials"))));
  EXPECT_EQ(status_of(client.ask(request("PUT /tables/t", "Origin: https://any.example\r\n"))), 403);
}

// ---- Limits

TEST_F(AccessTest, WhoAsksTooOftenIsToldWhenToComeAgain) {
  ServerOptions options = with_tokens();
  options.rate_limit = {.requests_per_second = 0.25, .burst = 2};
  options.now = [] { return std::chrono::steady_clock::time_point(1h); };
  SocketClient client(start(std::move(options)).address());
  EXPECT_EQ(status_of(client.ask(request("GET /healthz"))), 200);
  EXPECT_EQ(status_of(client.ask(request("GET /healthz"))), 200);
  const std::string refusal = client.ask(request("GET /healthz"));
  EXPECT_EQ(status_of(refusal), 429);
  EXPECT_THAT(refusal, HasSubstr("Retry-After: 4\r\n"));
  EXPECT_EQ(status_of(client.ask(request("GET /tables", "Authorization: Bearer secret-token\r\n"))), 200)
      << "who has logged in is counted for himself";
}

// ---- The log

TEST_F(AccessTest, EachRequestIsALineOfTheLog) {
  std::string folder = (std::filesystem::temp_directory_path() / "omashu-access-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  ServerOptions options = with_tokens();
  options.access_log = AccessLog::open(folder + "/log").value();
  SocketClient client(start(std::move(options)).address());
  client.ask(request("GET /tables/a-1?x=1", "Authorization: Bearer secret-token\r\n"));
  client.ask(request("GET /tables"));
  server_.reset();
  std::ifstream in(folder + "/log");
  std::vector<json::Value> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line).value());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].find("user")->text(), "ci");
  EXPECT_EQ(lines[0].find("client")->text(), "127.0.0.1");
  EXPECT_EQ(lines[0].find("path")->text(), "/tables/a-1?x=1");
  EXPECT_EQ(json::to_text(*lines[0].find("status")), "200");
  EXPECT_NE(json::to_text(*lines[0].find("bytes")), "0");
  EXPECT_EQ(lines[1].find("user"), nullptr);
  EXPECT_EQ(json::to_text(*lines[1].find("status")), "401");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace omashu::http
