#include "table/live/partition_ends.h"

#include <gtest/gtest.h>

namespace omashu::table {
namespace {

using std::chrono::milliseconds;

PartitionEnds::Time at(int ms) { return PartitionEnds::Time(milliseconds(ms)); }

TEST(PartitionEnds, AreBehindSinceTheOldestEndThatWasNotReached) {
  PartitionEnds ends;
  EXPECT_EQ(ends.lag(at(5)), milliseconds(0));
  ends.on_read(0, 10);
  ends.on_end(0, 12, at(100));
  ends.on_end(0, 14, at(200));
  EXPECT_EQ(ends.lag(at(250)), milliseconds(150));
  ends.on_read(0, 12);
  EXPECT_EQ(ends.lag(at(250)), milliseconds(50));
  ends.on_read(0, 14);
  EXPECT_EQ(ends.lag(at(999)), milliseconds(0));
  EXPECT_EQ(ends.end_of(0), 14);
  EXPECT_EQ(ends.end_of(1), 0);
}

TEST(PartitionEnds, AreBehindAsFarAsThePartitionThatIsBehindMost) {
  PartitionEnds ends;
  ends.on_end(0, 1, at(300));
  ends.on_end(1, 1, at(100));
  EXPECT_EQ(ends.lag(at(400)), milliseconds(300));
}

TEST(PartitionEnds, KeepAFewEndsAlone) {
  PartitionEnds ends;
  for (int i = 1; i <= 1'000; ++i) ends.on_end(0, i, at(i));
  EXPECT_EQ(ends.lag(at(1'000)), milliseconds(999));
  ends.on_read(0, 999);
  EXPECT_EQ(ends.lag(at(1'000)), milliseconds(1'000 - 64));
  ends.on_read(0, 1'000);
  EXPECT_EQ(ends.lag(at(2'000)), milliseconds(0));
}

TEST(PartitionEnds, AreNeverBeforeWhatWasRead) {
  PartitionEnds ends;
  ends.on_read(0, 10);
  ends.on_end(0, 5, at(1));
  EXPECT_EQ(ends.end_of(0), 10);
  EXPECT_EQ(ends.lag(at(2)), milliseconds(0));
}

}  // namespace
}  // namespace omashu::table
