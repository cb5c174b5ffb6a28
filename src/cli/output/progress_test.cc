#include "cli/output/progress.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using std::chrono::milliseconds;

TEST(Progress, GroupsDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(-123), "-123");
  EXPECT_EQ(grouped(-1'234), "-1,234");
}

TEST(Progress, DrawsABarWhereTheTotalIsKnown) {
  EXPECT_EQ(progress_line("f", 45, 100, "9 records"), "f  [#########           ]  45%  9 records");
  EXPECT_EQ(progress_line("f", 0, 100, ""), "f  [                    ]   0%");
  EXPECT_EQ(progress_line("f", 200, 100, ""), "f  [####################] 100%");
  EXPECT_EQ(progress_line("f", 45, 0, "9 records"), "f  9 records");
}

TEST(Progress, IsDrawnLateAndSeldom) {
  const ProgressPace::Time start{};
  ProgressPace pace(start);
  EXPECT_FALSE(pace.is_due(start));
  EXPECT_FALSE(pace.is_due(start + milliseconds(499)));
  EXPECT_TRUE(pace.is_due(start + milliseconds(500)));
  EXPECT_FALSE(pace.is_due(start + milliseconds(599)));
  EXPECT_TRUE(pace.is_due(start + milliseconds(600)));
}

TEST(Progress, SaysHowFastItIsAndWhatIsLeft) {
  using std::chrono::seconds;
  EXPECT_EQ(rate_text(500'000, 25, 100, seconds(2)), "250,000/s, 6 s left");
  EXPECT_EQ(rate_text(10, 1, 1'000, seconds(1)), "10/s, 17 min left");
  EXPECT_EQ(rate_text(10, 1'000, 1'000, seconds(1)), "10/s, 0 s left");
  EXPECT_EQ(rate_text(10, 5, 0, seconds(1)), "10/s") << "nobody knows the size of standard input";
  EXPECT_EQ(rate_text(0, 0, 100, seconds(1)), "0/s");
}

}  // namespace
}  // namespace omashu::cli
