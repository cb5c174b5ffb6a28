#include "base/offset.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <concepts>

namespace omashu {
namespace {

TEST(Offset, IsNoNumber) {
  static_assert(!std::convertible_to<Offset, int64_t>);
  static_assert(!std::convertible_to<int64_t, Offset>);
}

TEST(Offset, IsCountedOnFrom) {
  Offset offset{7};
  EXPECT_EQ(++offset, Offset{8});
  EXPECT_EQ(offset++, Offset{8});
  EXPECT_EQ(offset += 1, Offset{10});
  EXPECT_EQ(offset + 5, Offset{15});
  EXPECT_EQ(offset - 1, Offset{9});
  EXPECT_EQ(offset - Offset{4}, 6);
  EXPECT_LT(kNoOffset, Offset{0});
  EXPECT_GT(kMaxOffset, offset);
}

TEST(Offset, IsShownAsItsNumber) {
  EXPECT_EQ(fmt::format("{}", Offset{42}), "42");
  EXPECT_EQ(testing::PrintToString(kNoOffset), "-1");
}

}  // namespace
}  // namespace omashu
