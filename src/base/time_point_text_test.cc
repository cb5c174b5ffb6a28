#include "base/time_point_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu {
namespace {

using testing::HasSubstr;

constexpr int64_t kNow_ms = 1'764'504'000'000;  // 2025-11-30T12:00:00Z
constexpr int64_t kHour_ms = 3'600'000;

int64_t parse(std::string_view text) { return parse_time_point(text, kNow_ms).value_or(-1); }

TEST(TimePointText, ADurationIsSoLongAgo) {
  EXPECT_EQ(parse("2h"), kNow_ms - 2 * kHour_ms);
  EXPECT_EQ(parse("2h ago"), kNow_ms - 2 * kHour_ms);
  EXPECT_EQ(parse("7d"), kNow_ms - 7 * 24 * kHour_ms);
  EXPECT_EQ(parse("500ms"), kNow_ms - 500);
  EXPECT_EQ(parse("now"), kNow_ms);
  EXPECT_EQ(parse("300000d"), 0) << "there is nothing before 1970";
}

TEST(TimePointText, ReadsIso8601WithAndWithoutSecondsAndZone) {
  const int64_t noon_ms = kNow_ms;
  EXPECT_EQ(parse("2025-11-30T12:00Z"), noon_ms);
  EXPECT_EQ(parse("2025-11-30T12:00"), noon_ms);
  EXPECT_EQ(parse("2025-11-30 12:00:00"), noon_ms);
  EXPECT_EQ(parse("2025-11-30t12:00:00.25z"), noon_ms + 250);
  EXPECT_EQ(parse("2025-11-30T12:00:00,123456789Z"), noon_ms + 123);
  EXPECT_EQ(parse("2025-11-30T13:00+01:00"), noon_ms);
  EXPECT_EQ(parse("2025-11-30T06:30-0530"), noon_ms);
  EXPECT_EQ(parse("2025-11-30"), noon_ms - 12 * kHour_ms);
  EXPECT_EQ(parse("2024-02-29"), 1'709'164'800'000);
  EXPECT_EQ(parse("9999-12-31T23:59:59.999Z"), 253'402'300'799'999);
  EXPECT_EQ(parse("1970-01-01"), 0);
}

TEST(TimePointText, ABareNumberIsMillisecondsSince1970) {
  EXPECT_EQ(parse("1764504000000"), kNow_ms);
  EXPECT_EQ(parse("0"), 0);
}

TEST(TimePointText, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "h",
                           "-5",
                           "-2h",
                           "2x",
                           "yesterday",
                           "2025-13-01",
                           "2025-02-29",
                           "2025-11-31",
                           "2025-00-10",
                           "2025-11-30T",
                           "2025-11-30T24:00",
                           "2025-11-30T12",
                           "2025-11-30T12:60",
                           "2025-11-30T12:00:60",
                           "2025-11-30T12:00:00.",
                           "2025-11-30T12:00ZZ",
                           "2025-11-30T12:00+1",
                           "2025-11-30T12:00+19:00",
                           "2025-1-1",
                           "1969-12-31",
                           "99999999999999999999",
                           "253402300800000",
                           "2025-11-30X12:00",
                           " ago",
                           "12 ago",
                           "2025-11-30T12:00Z ago"}) {
    EXPECT_FALSE(parse_time_point(text, kNow_ms)) << text;
  }
  EXPECT_THAT(parse_time_point("yesterday", kNow_ms).error().message,
              HasSubstr("'yesterday' is no time: write 2h (ago), 2026-11-30T08:00Z"));
}

}  // namespace
}  // namespace omashu
