#include "table/position_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::table {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

PositionSet parsed(std::string_view text) {
  auto positions = parse_position_set(text);
  EXPECT_TRUE(positions) << positions.error().message;
  return positions ? *positions : PositionSet();
}

TEST(PositionSet, IsAPlaceAsCommandsPrintIt) {
  const PositionSet positions = parsed("status-download-2-17");
  EXPECT_EQ(positions.topic, "status-download");
  EXPECT_THAT(positions.offsets, ElementsAre(Pair(2, 17)));
  EXPECT_EQ(position_set_text(positions), "status-download-2-17");
  EXPECT_EQ(position_text("status-download", {.partition = 2, .offset = 17}), "status-download-2-17");
}

TEST(PositionSet, HasSeveralPartitionsBehindCommas) {
  const PositionSet positions = parsed("status-download-0-12,2-17");
  EXPECT_EQ(positions.topic, "status-download");
  EXPECT_THAT(positions.offsets, ElementsAre(Pair(0, 12), Pair(2, 17)));
  EXPECT_EQ(position_set_text(positions), "status-download-0-12,2-17");
  EXPECT_EQ(parsed("status-download-2-17,0-12"), positions);
}

TEST(PositionSet, ReadsATopicWhoseNameLooksLikeAPlace) {
  EXPECT_EQ(parsed("a-1-2-3-4").topic, "a-1-2");
  EXPECT_EQ(parsed("1-2-3").topic, "1");
  EXPECT_EQ(parsed("a--1-2").topic, "a-");
  EXPECT_EQ(parsed("a-1-").topic, "a-1");
}

TEST(PositionSet, SaysThatNothingWasSeen) {
  const PositionSet nothing{.topic = "a-1", .offsets = {}};
  EXPECT_EQ(position_set_text(nothing), "a-1-");
  EXPECT_EQ(parsed("a-1-"), nothing);
}

TEST(PositionSet, RefusesWhatIsNoPosition) {
  for (const char* text : {"",
                           "-",
                           "t",
                           "t-1",
                           "-1-2",
                           "t-1-2,",
                           "t-1-2,3",
                           "t-1-2,,3-4",
                           ",1-2",
                           "t-1--2",
                           "t-01-2",
                           "t-1-02",
                           "t-+1-2",
                           "t-1-9223372036854775808",
                           "t-2147483648-1",
                           "a/b-1-2",
                           "t 1-2",
                           "t-a-2",
                           "t-1-2 ",
                           "t,u-1-2"}) {
    const auto positions = parse_position_set(text);
    ASSERT_FALSE(positions) << text;
    EXPECT_EQ(positions.error().code, ErrorCode::kInvalidArgument) << text;
    EXPECT_THAT(positions.error().message, HasSubstr("topic-partition-offset")) << text;
  }
  EXPECT_THAT(parse_position_set("t-1-2,1-3").error().message, HasSubstr("partition 1 is there twice"));
}

TEST(PositionSet, TakesTheLargestNumbers) {
  EXPECT_EQ(position_set_text(parsed("t-2147483647-9223372036854775807")), "t-2147483647-9223372036854775807");
}

TEST(PositionSet, BoundsTheNumberOfPartitions) {
  std::string text = "t-0-1";
  for (size_t i = 1; i < kMaxPositions; ++i) text += "," + std::to_string(i) + "-1";
  EXPECT_EQ(parsed(text).offsets.size(), kMaxPositions);
  text += "," + std::to_string(kMaxPositions) + "-1";
  EXPECT_FALSE(parse_position_set(text));
}

TEST(PositionSet, KnowsWhatWasSeen) {
  PositionSet seen = parsed("t-0-12,2-17");
  EXPECT_TRUE(seen.contains(Position{.partition = 2, .offset = 17}));
  EXPECT_FALSE(seen.contains(Position{.partition = 2, .offset = 18}));
  EXPECT_FALSE(seen.contains(Position{.partition = 1, .offset = 0}));
  EXPECT_TRUE(seen.contains(parsed("t-0-3")));
  EXPECT_TRUE(seen.contains(parsed("t-")));
  EXPECT_FALSE(seen.contains(parsed("u-0-3")));
  EXPECT_FALSE(seen.contains(parsed("t-0-3,1-0")));
  seen.merge(parsed("t-0-3,1-5,2-20"));
  EXPECT_EQ(position_set_text(seen), "t-0-12,1-5,2-20");
}

}  // namespace
}  // namespace omashu::table
