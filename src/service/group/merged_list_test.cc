#include "service/group/merged_list.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "service/group/gathered_count.h"

namespace omashu::service {
namespace {

using ::testing::ElementsAre;

// {"rows":[{"key":"a"},…],"orders":[…]}: each row is its key and its order, "-" where it has none.
std::string page(const std::vector<std::pair<std::string, std::string>>& rows, const std::string& cursor = "") {
  std::string texts, orders;
  for (const auto& [key, order] : rows) {
    texts += fmt::format(R"({}{{"key":"{}"}})", texts.empty() ? "" : ",", key);
    orders += fmt::format("{}{}", orders.empty() ? "" : ",", order == "-" ? "null" : '"' + to_base64(order) + '"');
  }
  return fmt::format(R"({{"rows":[{}],"position":"t-"{},"orders":[{}]}})", texts,
                     cursor.empty() ? "" : R"(,"cursor":")" + cursor + '"', orders);
}

std::vector<std::string> keys_of(const std::vector<json::Value>& rows) {
  std::vector<std::string> keys;
  for (const json::Value& row : rows) keys.push_back(row.find("key")->text());
  return keys;
}

MergedList merged(ListOrder order, const std::vector<std::string>& pages) {
  std::vector<MemberList> members;
  for (const std::string& text : pages) {
    MemberList& member = members.emplace_back(MemberList{.url = "http://m:1", .partitions = {}, .page = nullptr});
    EXPECT_TRUE(MergedList::take_page(member, text));
  }
  return {order, std::move(members)};
}

TEST(MergedList, RowsOfSeveralMembersComeInTheOrderOfTheList) {
  MergedList list = merged(list_order("updatedAt"),
                           {page({{"b", "1"}, {"d", "3"}, {"x", "-"}}), page({{"a", "2"}, {"c", "3"}, {"w", "-"}})});
  std::vector<json::Value> rows;
  list.take_rows(100, rows);
  EXPECT_THAT(keys_of(rows), ElementsAre("b", "a", "c", "d", "w", "x"));
  EXPECT_TRUE(list.is_over());
}

TEST(MergedList, DescendingTheGreatestComesFirstAndRowsWithoutAPlaceLast) {
  MergedList list = merged(list_order("-updatedAt"),
                           {page({{"d", "3"}, {"b", "1"}, {"x", "-"}}), page({{"c", "3"}, {"a", "2"}, {"w", "-"}})});
  std::vector<json::Value> rows;
  list.take_rows(100, rows);
  EXPECT_THAT(keys_of(rows), ElementsAre("d", "c", "a", "b", "x", "w"));
}

TEST(MergedList, WithoutAnOrderOneMemberComesAfterTheOther) {
  MergedList list = merged({}, {page({{"z", "-"}, {"a", "-"}}), page({{"m", "-"}})});
  std::vector<json::Value> rows;
  list.take_rows(2, rows);
  EXPECT_THAT(keys_of(rows), ElementsAre("z", "a"));
  EXPECT_FALSE(list.is_over());
  list.take_rows(3, rows);
  EXPECT_THAT(keys_of(rows), ElementsAre("z", "a", "m"));
}

TEST(MergedList, NothingIsTakenWhileTheNextPageOfAMemberIsMissing) {
  MergedList list = merged(list_order("key"), {page({{"a", "-"}, {"b", "-"}}, "more"), page({{"c", "-"}})});
  std::vector<json::Value> rows;
  list.take_rows(100, rows);
  EXPECT_THAT(keys_of(rows), ElementsAre("a", "b")) << "c may not be the next one";
  const auto asked = list.members_to_ask();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0]->cursor, "more");
  ASSERT_TRUE(MergedList::take_page(*asked[0], page({{"bb", "-"}, {"d", "-"}})));
  list.take_rows(100, rows);
  EXPECT_THAT(keys_of(rows), ElementsAre("a", "b", "bb", "c", "d"));
}

TEST(MergedList, ACopyGoesOnFromWhereItWas) {
  MergedList list = merged(list_order("key"), {page({{"a", "-"}, {"c", "-"}}), page({{"b", "-"}})});
  std::vector<json::Value> first, again, rest;
  list.take_rows(1, first);
  MergedList kept = list;
  list.take_rows(2, rest);
  kept.take_rows(2, again);
  EXPECT_EQ(keys_of(again), keys_of(rest));
}

TEST(MergedList, WhatIsNoPageIsRefused) {
  for (const char* text : {"", "[]", "{}", R"({"rows":[]})", R"({"rows":[{}],"orders":[null]})",
                           R"({"rows":[{"key":1}],"orders":[]})", R"({"rows":[{"key":1}],"orders":["!"]})"}) {
    MemberList member{.url = "", .partitions = {}, .page = nullptr};
    EXPECT_FALSE(MergedList::take_page(member, text)) << text;
  }
}

TEST(AddedCounts, GroupsOfSeveralMembersAreAddedUpWithTheLargestFirst) {
  const auto value = [](const char* text) { return json::parse(text).value(); };
  const auto sum = add_counts(
      {value(R"({"count":3,"groups":[{"by":{"s":"A"},"count":2},{"by":{"s":"B"},"count":1}],"position":"t-0-1"})"),
       value(R"({"count":4,"groups":[{"by":{"s":"B"},"count":4}],"position":"t-1-1"})")},
      "t-0-1,1-1");
  ASSERT_TRUE(sum);
  EXPECT_EQ(json::to_text(*sum),
            R"({"count":7,"groups":[{"by":{"s":"B"},"count":5},{"by":{"s":"A"},"count":2}],"position":"t-0-1,1-1"})");
  EXPECT_EQ(json::to_text(*add_counts({value(R"({"count":3})"), value(R"({"count":0})")}, "t-")),
            R"({"count":3,"position":"t-"})");
  EXPECT_FALSE(add_counts({json::Value()}, "t-"));
}

}  // namespace
}  // namespace omashu::service
