#include "inspect/page_start.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::inspect {
namespace {

using ::testing::HasSubstr;
using Kind = PageStart::Kind;

constexpr int64_t kNow = 1'764'489'600'000;

PageStart parsed(std::string_view text, std::string_view topic = "t") {
  const auto start = parse_page_start(text, topic, kNow);
  EXPECT_TRUE(start) << text << ": " << start.error().message;
  return start.value_or(PageStart());
}

TEST(PageStartTest, IsAWordAnOffsetATimeOrPositions) {
  EXPECT_EQ(parsed("beginning").kind, Kind::kBeginning);
  EXPECT_EQ(parsed("end").kind, Kind::kEnd);
  EXPECT_EQ(parsed("17").kind, Kind::kOffset);
  EXPECT_EQ(parsed("17").value, 17);
  EXPECT_EQ(parsed("2h").kind, Kind::kTime);
  EXPECT_EQ(parsed("2h").value, kNow - 7'200'000);
  EXPECT_EQ(parsed("2026-11-30").kind, Kind::kTime);
  EXPECT_EQ(parsed("t-0-12,2-17").kind, Kind::kPositions);
  EXPECT_EQ(parsed("t-0-12,2-17").positions.offsets.at(2), 17);
  EXPECT_EQ(parsed("t-").kind, Kind::kPositions) << "of a topic in which nothing has been seen";
  EXPECT_EQ(parsed("2026-11-30", "2026").kind, Kind::kPositions) << "a topic may have such a name";
}

TEST(PageStartTest, WhatIsNoneOfThemIsRefused) {
  for (const char* wrong : {"", "middle", "-5", "99999999999999999999", "other-0-12", "t-0-12,0-13", "t-x"}) {
    const auto start = parse_page_start(wrong, "t", kNow);
    ASSERT_FALSE(start) << wrong;
    EXPECT_EQ(start.error().code, ErrorCode::kInvalidArgument) << wrong;
  }
  EXPECT_THAT(parse_page_start("middle", "t", kNow).error().message, HasSubstr("write beginning, end, an offset"));
}

}  // namespace
}  // namespace omashu::inspect
