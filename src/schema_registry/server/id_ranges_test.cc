#include "schema_registry/server/id_ranges.h"

#include <gtest/gtest.h>

namespace omashu::schema_registry::server {
namespace {

TEST(IdRanges, AreWrittenAndReadAgain) {
  IdRanges ranges;
  EXPECT_EQ(id_ranges_text(ranges), "");
  ranges.append(3, 3);
  ranges.append(4, 4);
  ranges.append(6, 99);
  EXPECT_EQ(id_ranges_text(ranges), "3-4,6-99");
  EXPECT_EQ(parse_id_ranges("3-4,6-99"), ranges);
  EXPECT_EQ(parse_id_ranges(""), IdRanges());
  EXPECT_EQ(ranges.count(), 96);
  for (const int id : {3, 4, 6, 50, 99}) EXPECT_TRUE(ranges.contains(id)) << id;
  for (const int id : {0, 2, 5, 100}) EXPECT_FALSE(ranges.contains(id)) << id;
}

TEST(IdRanges, TakeFurtherIds) {
  EXPECT_EQ(id_ranges_text(parse_id_ranges("3,6-9")->with(IdRanges::of({5, 7, 1, 5}))), "1,3,5-9");
}

TEST(IdRanges, LoseThoseOfAnother) {
  const auto without = [](const char* text, const char* others) {
    return id_ranges_text(parse_id_ranges(text)->without(*parse_id_ranges(others)));
  };
  EXPECT_EQ(without("1-9", ""), "1-9");
  EXPECT_EQ(without("1-9", "1-9"), "");
  EXPECT_EQ(without("1-9", "0-3,5,8-20"), "4,6-7");
  EXPECT_EQ(without("1-3,7,10-12", "2,7-10"), "1,3,11-12");
  EXPECT_EQ(without("5,6-2147483647", "1-2147483647"), "");
}

TEST(IdRanges, AreNothingElse) {
  for (const char* text : {",", "3,", "-", "3-", "9-3", "4,4", "5,3", "3-5,4", "x", "3 ", "99999999999", "-3"}) {
    EXPECT_EQ(parse_id_ranges(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace omashu::schema_registry::server
