#include "table/live/table_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::table {
namespace {

using ::testing::HasSubstr;

TEST(TimeToLive, IsADurationAndMaybeAField) {
  EXPECT_EQ(parse_time_to_live("7d")->duration, std::chrono::days(7));
  EXPECT_EQ(parse_time_to_live("7d")->field, std::nullopt);
  EXPECT_EQ(parse_time_to_live("90s,source.updatedAt")->field, "source.updatedAt");
  EXPECT_FALSE(parse_time_to_live("7d")->writes_tombstones);
}

TEST(TimeToLive, RefusesWhatIsNone) {
  for (const char* text : {"", "0", "0d", "-1d", "x", "7d,", "7d,a b", ",updatedAt"}) {
    const auto ttl = parse_time_to_live(text);
    ASSERT_FALSE(ttl) << text;
    EXPECT_EQ(ttl.error().code, ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_THAT(parse_time_to_live("x").error().message, HasSubstr("7d,updatedAt"));
}

}  // namespace
}  // namespace omashu::table
