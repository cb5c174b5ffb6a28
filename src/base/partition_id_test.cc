#include "base/partition_id.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <concepts>

namespace omashu {
namespace {

TEST(PartitionId, IsNoNumber) {
  static_assert(!std::convertible_to<PartitionId, int32_t>);
  static_assert(!std::convertible_to<int32_t, PartitionId>);
}

TEST(PartitionId, IsCountedOn) {
  PartitionId partition{0};
  EXPECT_EQ(++partition, PartitionId{1});
  EXPECT_LT(partition, PartitionId{2});
}

TEST(PartitionId, IsShownAsItsNumber) {
  EXPECT_EQ(fmt::format("t-{}", PartitionId{42}), "t-42");
  EXPECT_EQ(testing::PrintToString(PartitionId{7}), "7");
}

}  // namespace
}  // namespace omashu
