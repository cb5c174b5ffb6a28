#include "service/request_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::service {
namespace {

using ::testing::HasSubstr;

Operation list_operation() {
  return {.pattern = "/v1/tables/{table}/rows",
          .id = "listRows",
          .parameters = {{.name = "table", .place = Parameter::Place::kPath},
                         {.name = "where", .is_repeated = true},
                         {.name = "limit", .schema = R"({"type":"integer","minimum":1,"maximum":1000})"},
                         {.name = "exact", .schema = R"({"type":"boolean"})"},
                         {.name = "order", .schema = R"({"type":"string","enum":["up","down"]})"}}};
}

std::string problem_of_query(const std::string& query, const Operation& operation = list_operation()) {
  const auto check = RequestCheck::make(operation);
  if (!check) return check.error().message;
  const auto problem = check->check({.target = "/v1/tables/t/rows" + query});
  return problem ? std::string(problem_kind(problem->type).name) + ": " + problem->detail : "";
}

TEST(RequestCheck, TakesWhatIsDeclared) {
  EXPECT_EQ(problem_of_query(""), "");
  EXPECT_EQ(problem_of_query("?where=a%3D1&where=b%3D2&limit=10&exact=true&order=up"), "");
  EXPECT_EQ(problem_of_query("?&limit=10&"), "");
}

TEST(RequestCheck, AnUnknownParameterNamesTheNearest) {
  EXPECT_EQ(problem_of_query("?limits=10"),
            "unknown-parameter: 'limits' is no parameter of this operation: did you mean limit?");
}

TEST(RequestCheck, ValuesSuitTheirSchema) {
  EXPECT_THAT(problem_of_query("?limit=0"), HasSubstr("limit: 0 must be at least 1"));
  EXPECT_THAT(problem_of_query("?limit=1001"), HasSubstr("at most 1000"));
  EXPECT_THAT(problem_of_query("?limit=ten"), HasSubstr("must be a whole number"));
  EXPECT_THAT(problem_of_query("?limit=99999999999999999999"), HasSubstr("must be a whole number"));
  EXPECT_THAT(problem_of_query("?exact=yes"), HasSubstr("must be true or false"));
  EXPECT_THAT(problem_of_query("?order=upp"), HasSubstr("must be one of up, down: did you mean up?"));
  EXPECT_THAT(problem_of_query("?where=" + std::string(5000, 'a')), HasSubstr("at most 4096"));
}

TEST(RequestCheck, OneThatIsNotRepeatedIsGivenOnce) {
  EXPECT_THAT(problem_of_query("?limit=1&limit=2"), HasSubstr("given twice"));
}

TEST(RequestCheck, WhatIsNoTextIsMalformed) {
  EXPECT_THAT(problem_of_query("?where=%zz"), HasSubstr("malformed-request"));
  EXPECT_THAT(problem_of_query("?where=%ff"), HasSubstr("malformed-request"));
  std::string many = "?";
  for (int i = 0; i < 101; ++i) many += "where=a&";
  EXPECT_THAT(problem_of_query(many), HasSubstr("more than 100 members"));
}

TEST(RequestCheck, ARequiredParameterIsMissed) {
  Operation operation = list_operation();
  operation.parameters[2].is_required = true;
  EXPECT_THAT(problem_of_query("", operation), HasSubstr("limit is missing"));
}

TEST(RequestCheck, ParametersOfThePathAreDeclared) {
  Operation operation = list_operation();
  operation.parameters.erase(operation.parameters.begin());
  EXPECT_EQ(problem_of_query("", operation), "listRows: table is not declared");
  operation = list_operation();
  operation.parameters.push_back({.name = "key", .place = Parameter::Place::kPath});
  EXPECT_EQ(problem_of_query("", operation), "listRows: the path has no key");
}

TEST(RequestCheck, ABodyIsOfAMediaTypeThatIsTaken) {
  const auto check = RequestCheck::make({.pattern = "/x", .id = "x", .request = {{"application/json", ""}}});
  ASSERT_TRUE(check);
  const auto status_of = [&](const std::string& type, const std::string& body) {
    http::Request request{.method = http::Method::kPost, .target = "/x", .body = body};
    if (!type.empty()) request.fields.push_back({"content-type", type});
    const auto problem = check->check(request);
    return problem ? problem->status() : 200;
  };
  EXPECT_EQ(status_of("application/json", "{}"), 200);
  EXPECT_EQ(status_of("Application/JSON; charset=utf-8", "{}"), 200);
  EXPECT_EQ(status_of("application/x-www-form-urlencoded", "{}"), 415);
  EXPECT_EQ(status_of("text/plain", "{}"), 415);
  EXPECT_EQ(status_of("", "{}"), 415);
  EXPECT_EQ(status_of("", ""), 200);
}

}  // namespace
}  // namespace omashu::service
