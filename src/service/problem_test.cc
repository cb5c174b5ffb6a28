#include "service/problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::service {
namespace {

TEST(Problem, IsTheJsonOfRfc9457) {
  Problem problem{.type = ProblemType::kValueDoesNotSuit, .detail = "a \"word\"", .pointer = "/source/url"};
  problem.members.push_back({"line", 3});
  problem.fields.push_back({"Retry-After", "1"});
  const http::Response response = problem_response(problem);
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"/problems/value-does-not-suit","title":"The value does not suit the schema","status":422,)"
            R"("detail":"a \"word\"","pointer":"/source/url","line":3})"
            "\n");
  ASSERT_EQ(response.fields.size(), 1u);
  EXPECT_EQ(response.fields[0].name, "Retry-After");
}

TEST(Problem, WhatIsNoUtf8IsReplaced) {
  const http::Response response = problem_response({.type = ProblemType::kNotFound,
                                                    .detail = "a\xff"
                                                              "b"});
  EXPECT_TRUE(json::parse(response.body)) << response.body;
  EXPECT_THAT(response.body, ::testing::HasSubstr("a\uFFFDb"));
}

TEST(Problem, EveryStatusOfTheServerItselfHasItsType) {
  for (const int status : {400, 401, 403, 404, 405, 408, 413, 421, 429, 431, 500, 503}) {
    const http::Response response = error_response(status, "why");
    EXPECT_EQ(response.status, status);
    EXPECT_THAT(response.body, ::testing::HasSubstr("why"));
  }
}

TEST(Problem, APlaceInTheBodyIsAJsonPointer) {
  EXPECT_EQ(pointer_of("$.source.url: expected a string, found 3"), "/source/url");
  EXPECT_EQ(pointer_of("value: $.parts[2].size: expected a number"), "/parts/2/size");
  EXPECT_EQ(pointer_of("value: $.labels[\"a/b~c\"]: expected a string"), "/labels/a~1b~0c");
  EXPECT_EQ(pointer_of("value: $: expected an object"), "");
  EXPECT_EQ(pointer_of("the registry is away"), std::nullopt);
  EXPECT_EQ(pointer_of("a price: $5"), std::nullopt);
}

TEST(Problem, AnErrorThatMayPassSaysWhenToComeAgain) {
  const Problem away = problem_of({ErrorCode::kUnavailable, "no broker answers", {}});
  EXPECT_EQ(away.status(), 503);
  ASSERT_EQ(away.fields.size(), 1u);
  EXPECT_EQ(problem_of({ErrorCode::kInvalidArgument, "no", {}}).status(), 400);
  EXPECT_EQ(problem_of({ErrorCode::kInternal, "no", {}}).status(), 500);
}

}  // namespace
}  // namespace omashu::service
