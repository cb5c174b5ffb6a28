#include "table/key_winners.h"

#include <gtest/gtest.h>

namespace omashu::table {
namespace {

using kafka::PartitionId;

TEST(KeyWinners, APartitionAloneHasItsKeys) {
  KeyWinners winners;
  winners.add("a", PartitionId{1}, 5);
  winners.add("a", PartitionId{1}, 3);
  EXPECT_TRUE(winners.is_winner("a", PartitionId{1}));
  EXPECT_FALSE(winners.is_winner("a", PartitionId{0}));
  EXPECT_FALSE(winners.is_winner("b", PartitionId{1}));
  EXPECT_EQ(winners.keys(), 1U);
}

TEST(KeyWinners, BetweenPartitionsTheLaterLastRecordCounts) {
  KeyWinners winners;
  winners.add("a", PartitionId{0}, 10);
  winners.add("a", PartitionId{0}, 3);  // the latest of partition 0, whatever came before
  winners.add("a", PartitionId{1}, 5);
  winners.add("a", PartitionId{2}, 4);
  EXPECT_TRUE(winners.is_winner("a", PartitionId{1}));
}

TEST(KeyWinners, ARecordThatIsNotTheLastOfItsPartitionDecidesNothing) {
  KeyWinners winners;
  winners.add("a", PartitionId{0}, 5);
  winners.add("a", PartitionId{1}, 9);
  winners.add("a", PartitionId{1}, 2);
  EXPECT_TRUE(winners.is_winner("a", PartitionId{0}));
}

TEST(KeyWinners, AtEqualTimesTheHigherPartitionCounts) {
  KeyWinners winners;
  winners.add("a", PartitionId{0}, 5);
  winners.add("a", PartitionId{1}, 5);
  EXPECT_TRUE(winners.is_winner("a", PartitionId{1}));
}

TEST(KeyWinners, LaterRecordsReplaceInTheirPartitionOrByTheirTime) {
  KeyWinners winners;
  winners.add("a", PartitionId{0}, 5);
  EXPECT_TRUE(winners.replaces("a", PartitionId{0}, 4));
  EXPECT_FALSE(winners.replaces("a", PartitionId{1}, 3));
  EXPECT_TRUE(winners.replaces("a", PartitionId{1}, 6));
  EXPECT_FALSE(winners.replaces("a", PartitionId{0}, 5));
  EXPECT_TRUE(winners.replaces("new", PartitionId{0}, 0));
}

}  // namespace
}  // namespace omashu::table
