#include "cli/records/start_position.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

constexpr kafka::Watermarks kMarks{.low = 5, .high = 20};

Start start(std::string_view offset, kafka::Watermarks watermarks = kMarks) {
  const auto position = parse_start_position(offset);
  EXPECT_TRUE(position) << offset;
  return start_within(position.value_or(StartPosition{}), {.topic = "t", .partition = 2}, watermarks);
}

TEST(StartPosition, IsANumberOrAName) {
  EXPECT_EQ(start("earliest").offset, 5);
  EXPECT_EQ(start("beginning").offset, 5);
  EXPECT_EQ(start("latest").offset, 20);
  EXPECT_EQ(start("end").offset, 20);
  EXPECT_EQ(start("5").offset, 5);
  EXPECT_EQ(start("12").offset, 12);
  EXPECT_EQ(start("20").offset, 20);
  for (const char* text : {"", "x", "1.5", "0x1", "--1", "99999999999999999999"}) {
    EXPECT_FALSE(parse_start_position(text)) << text;
  }
}

TEST(StartPosition, SoManyBeforeTheEnd) {
  EXPECT_EQ(start("-3").offset, 17);
  EXPECT_EQ(start("-15").offset, 5);
  EXPECT_EQ(start("-100").offset, 5);
  EXPECT_EQ(start("-9223372036854775807").offset, 5);
  EXPECT_EQ(start("-1", {.low = 0, .high = 0}).offset, 0);
}

TEST(StartPosition, OutOfRangeItIsSaid) {
  const Start below = start("0");
  EXPECT_EQ(below.offset, 5);
  EXPECT_EQ(below.note, "t-2: offset 0 is below the first that is there: reading from 5 on");
  const Start beyond = start("21");
  EXPECT_EQ(beyond.offset, 20);
  EXPECT_EQ(beyond.note, "t-2: offset 21 is beyond the end: reading what comes from offset 20 on");
}

TEST(StartPosition, OfATime) {
  const StartPosition position{.kind = StartPosition::Kind::kTime, .value = 1'000};
  const kafka::TopicPartition partition{.topic = "t", .partition = 0};
  EXPECT_EQ(start_within(position, partition, kMarks, 7).offset, 7);
  EXPECT_EQ(start_within(position, partition, kMarks, 3).offset, 5);
  EXPECT_EQ(start_within(position, partition, kMarks, kafka::kOffsetEnd).offset, 20);
  EXPECT_EQ(start_within(position, partition, kMarks).offset, 20);
}

}  // namespace
}  // namespace omashu::cli
