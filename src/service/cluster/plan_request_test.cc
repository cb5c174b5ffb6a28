#include "service/cluster/plan_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::service {
namespace {

using ::testing::HasSubstr;

TEST(PlanRequestTest, TheListIsNamedOrFound) {
  const auto named = parse_plan_request(R"({"files":{"a.txt":"1","b.txt":"2"},"file":"b.txt"})");
  ASSERT_TRUE(named);
  EXPECT_EQ(named->file, "b.txt");
  EXPECT_EQ(named->files.at("a.txt"), "1");
  EXPECT_EQ(parse_plan_request(R"({"files":{"a.txt":"","topics_and_schemas.txt":""}})")->file,
            "topics_and_schemas.txt");
  EXPECT_EQ(parse_plan_request(R"({"files":{"a.txt":"","b.avsc":""}})")->file, "a.txt");
}

TEST(PlanRequestTest, AListThatIsNotThereIsAMistakeInTheFiles) {
  const auto mistake = [](std::string_view body) {
    const auto found = mistaken_list(*parse_plan_request(body));
    return found ? found->message : "";
  };
  EXPECT_THAT(mistake(R"({"files":{"a.txt":""},"file":"b.txt"})"), HasSubstr("none of the files"));
  EXPECT_THAT(mistake(R"({"files":{"a.txt":"","b.txt":""}})"), HasSubstr("which file is the list"));
  EXPECT_THAT(mistake(R"({"files":{}})"), HasSubstr("which file is the list"));
  EXPECT_EQ(mistake(R"({"files":{"a.txt":""}})"), "");
}

TEST(PlanRequestTest, WhatIsWrongIsPointedTo) {
  const auto refused = [](std::string_view body) {
    const auto request = parse_plan_request(body);
    EXPECT_FALSE(request) << body;
    return request ? Problem() : request.error();
  };
  EXPECT_THAT(refused("nonsense").detail, HasSubstr("no JSON"));
  EXPECT_EQ(refused("{}").pointer, "/files");
  EXPECT_EQ(refused(R"({"files":[]})").pointer, "/files");
  EXPECT_EQ(refused(R"({"files":{"a.txt":1}})").pointer, "/files");
  EXPECT_THAT(refused(R"({"files":{"a.txt":"","a.txt":""}})").detail, HasSubstr("twice"));
  EXPECT_EQ(refused(R"({"files":{"a.txt":""},"file":1})").pointer, "/file");
  EXPECT_EQ(refused("{}").status(), 400);
  std::string many = R"({"files":{)";
  for (int i = 0; i <= 1'000; ++i) many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":"")";
  EXPECT_THAT(refused(many + "}}").detail, HasSubstr("more than 1000"));
}

}  // namespace
}  // namespace omashu::service
