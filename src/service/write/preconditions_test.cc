#include "service/write/preconditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RowPtr row_at(table::Position position) {
  auto row = std::make_shared<table::LiveRow>();
  row->position = position;
  row->value = "v";
  return row;
}

http::Request request(std::vector<http::Field> fields) { return {.target = "", .fields = std::move(fields)}; }

// Whether the row at 2-17 suits; the row that is not there with `exists` false.
bool holds(std::vector<http::Field> fields, bool exists = true) {
  const auto conditions = Preconditions::parse(request(std::move(fields)));
  EXPECT_TRUE(conditions) << conditions.error().detail;
  return !conditions->check("t-1", exists ? row_at({2, 17}) : nullptr);
}

std::string refusal(std::string name, std::string value) {
  const auto conditions = Preconditions::parse(request({{std::move(name), std::move(value)}}));
  return conditions ? "" : conditions.error().detail;
}

TEST(Preconditions, WithoutAnyEverythingSuits) {
  EXPECT_TRUE(Preconditions::parse(request({}))->is_empty());
  EXPECT_TRUE(holds({}));
  EXPECT_TRUE(holds({}, false));
}

TEST(Preconditions, IfMatchComparesStrongly) {
  EXPECT_TRUE(holds({{"if-match", R"("t-1-2-17")"}}));
  EXPECT_TRUE(holds({{"if-match", R"("t-1-2-16" , "t-1-2-17")"}}));
  EXPECT_TRUE(holds({{"if-match", R"("t-1-2-16")"}, {"if-match", R"("t-1-2-17")"}}));
  EXPECT_FALSE(holds({{"if-match", R"("t-1-2-16")"}}));
  EXPECT_FALSE(holds({{"if-match", R"(W/"t-1-2-17")"}}));
  EXPECT_FALSE(holds({{"if-match", R"("t-1-2-17")"}}, false));
  EXPECT_TRUE(holds({{"if-match", "*"}}));
  EXPECT_FALSE(holds({{"if-match", "*"}}, false));
}

TEST(Preconditions, IfNoneMatchComparesWeakly) {
  EXPECT_FALSE(holds({{"if-none-match", R"(W/"t-1-2-17")"}}));
  EXPECT_FALSE(holds({{"if-none-match", R"("t-1-2-17")"}}));
  EXPECT_TRUE(holds({{"if-none-match", R"("t-1-2-16")"}}));
  EXPECT_FALSE(holds({{"if-none-match", "*"}}));
  EXPECT_TRUE(holds({{"if-none-match", "*"}}, false));
}

TEST(Preconditions, BothMustHold) {
  EXPECT_TRUE(holds({{"if-match", "*"}, {"if-none-match", R"("t-1-2-16")"}}));
  EXPECT_FALSE(holds({{"if-match", "*"}, {"if-none-match", R"("t-1-2-17")"}}));
  EXPECT_FALSE(holds({{"if-match", R"("x")"}, {"if-none-match", R"("t-1-2-16")"}}));
}

TEST(Preconditions, WhatIsNoTagIsRefused) {
  EXPECT_THAT(refusal("if-match", "t-1-2-17"), HasSubstr("If-Match: 't-1-2-17' is no entity tag"));
  EXPECT_THAT(refusal("if-none-match", "\"a"), HasSubstr("If-None-Match"));
  EXPECT_THAT(refusal("if-match", R"("a" "b")"), HasSubstr("separated by commas"));
  EXPECT_THAT(refusal("if-match", R"(*, "a")"), HasSubstr("is * or a list"));
  EXPECT_THAT(refusal("if-match", " , "), HasSubstr("is empty"));
  EXPECT_EQ(refusal("if-match", R"("",)"), "");
}

TEST(Preconditions, TheWinnerIsTold) {
  const auto conditions = Preconditions::parse(request({{"if-match", R"("t-1-2-16")"}}));
  const auto problem = conditions->check("t-1", row_at({2, 17}));
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->status(), 412);
  EXPECT_EQ(problem->members.at(0).value.text(), "t-1-2-17");
  EXPECT_EQ(problem->fields.at(0).value, R"("t-1-2-17")");
}

TEST(Preconditions, TheRecordsThatIfMatchNames) {
  const auto conditions = Preconditions::parse(request({{"if-match", R"("t-1-2-16", "t-2-3", "x", W/"t-1-0-5")"}}));
  EXPECT_THAT(conditions->positions("t-1"), ElementsAre(table::Position{2, 16}, table::Position{0, 5}));
  EXPECT_THAT(Preconditions::parse(request({{"if-match", "*"}}))->positions("t-1"), IsEmpty());
}

}  // namespace
}  // namespace omashu::service
