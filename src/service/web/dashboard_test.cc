#include "service/web/dashboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <map>
#include <regex>

#include "http/testing/promised_exchange.h"
#include "service/testing/operation_client.h"
#include "service/web/dashboard_files.h"

namespace omashu::service {
namespace {

using testing::field_of;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr ptrdiff_t kMaxLines = 250;

class DashboardTest : public ::testing::Test {
 protected:
  DashboardTest() { add_dashboard(router_); }

  http::Response get(const std::string& path, std::vector<http::Field> fields = {}) const {
    const auto match = router_.find(http::Method::kGet, path);
    if (match.route == nullptr) return {.status = 404};
    std::promise<http::Response> promise;
    auto answered = promise.get_future();
    const http::Request request{.target = path, .fields = std::move(fields)};
    match.route->handler(
        std::make_shared<http::testing::PromisedExchange>(request, match.parameters, std::move(promise)));
    return answered.get();
  }

  // What the page loads.
  std::vector<std::string> links(const std::string& path = "/") const {
    const std::string page = get(path).body;
    const std::regex link("(?:href|src)=\"(web/[^\"]+)\"");
    std::vector<std::string> found;
    for (std::sregex_iterator at(page.begin(), page.end(), link), end; at != end; ++at)
      found.push_back('/' + at->str(1));
    return found;
  }

  http::Router router_;
};

TEST_F(DashboardTest, ThePageComesWithAPolicyThatAllowsNothingWithinItAndNothingFromElsewhere) {
  const http::Response page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(field_of(page, "Content-Security-Policy"), HasSubstr("default-src 'self'"));
  EXPECT_THAT(field_of(page, "Content-Security-Policy"), Not(HasSubstr("unsafe")));
  EXPECT_FALSE(std::regex_search(page.body, std::regex("<style|<script>|<script [^>]*>[^<]|\\son[a-z]+=|style=")));
}

TEST_F(DashboardTest, WhatThePageLoadsIsThere) {
  const auto all = links();
  EXPECT_GT(all.size(), 50u);
  for (const std::string& link : all) {
    const http::Response file = get(link);
    EXPECT_EQ(file.status, 200) << link;
    EXPECT_NE(file.content_type, "application/octet-stream") << link;
    EXPECT_EQ(field_of(file, "X-Content-Type-Options"), "nosniff");
  }
}

TEST_F(DashboardTest, ThePageOfTheApiLoadsItsOwnModules) {
  const http::Response page = get("/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(field_of(page, "Content-Security-Policy"), HasSubstr("default-src 'self'"));
  EXPECT_FALSE(std::regex_search(page.body, std::regex("<style|<script>|<script [^>]*>[^<]|\\son[a-z]+=|style=")));
  EXPECT_THAT(page.body, HasSubstr("/docs/operation.js"));
  EXPECT_THAT(page.body, Not(HasSubstr("/pages/")));
  EXPECT_THAT(get("/").body, Not(HasSubstr("/docs/operation.js")));
  for (const std::string& link : links("/docs")) EXPECT_EQ(get(link).status, 200) << link;
}

TEST_F(DashboardTest, FilesAreKeptForGoodAndThePageIsAskedForEachTime) {
  EXPECT_THAT(field_of(get(links().front()), "Cache-Control"), HasSubstr("immutable"));
  const http::Response page = get("/");
  EXPECT_EQ(field_of(page, "Cache-Control"), "no-cache");
  const http::Response again = get("/", {{"if-none-match", field_of(page, "ETag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
}

TEST_F(DashboardTest, ModulesImportWhatThereIs) {
  std::map<std::string, std::string_view> files;
  for (const EmbeddedFile& file : dashboard_files()) files.emplace(file.path, file.bytes);
  const std::regex import("from '([^']+)'");
  for (const auto& [path, bytes] : files) {
    if (!path.ends_with(".js")) continue;
    const std::string text(bytes);
    for (std::sregex_iterator at(text.begin(), text.end(), import), end; at != end; ++at) {
      const auto target = (std::filesystem::path(path).parent_path() / at->str(1)).lexically_normal();
      EXPECT_TRUE(files.contains(target.string())) << path << " imports " << at->str(1);
    }
  }
}

TEST_F(DashboardTest, FilesAreOneIdeaEachAndFetchNothingFromElsewhere) {
  for (const EmbeddedFile& file : dashboard_files()) {
    const std::string text(file.bytes);
    EXPECT_THAT(text, Not(HasSubstr("innerHTML"))) << file.path;
    EXPECT_THAT(text, Not(HasSubstr("insertAdjacentHTML"))) << file.path;
    EXPECT_THAT(text, Not(HasSubstr("@import"))) << file.path;
    EXPECT_FALSE(std::regex_search(text, std::regex("(?:from|src=|href=|url\\() ?['\"]?(?:https?:)?//"))) << file.path;
    if (!file.path.ends_with(".js")) continue;
    EXPECT_LT(std::ranges::count(text, '\n'), kMaxLines) << file.path << ": split it where the idea splits";
  }
}

TEST_F(DashboardTest, NothingElseIsThere) {
  EXPECT_EQ(get("/web/app.js").status, 404);
  EXPECT_EQ(get("/web/../CMakeLists.txt").status, 404);
  EXPECT_EQ(get("/index.html").status, 404);
  for (const EmbeddedFile& file : dashboard_files()) EXPECT_THAT(std::string(file.path), Not(HasSubstr(".test.")));
}

}  // namespace
}  // namespace omashu::service
