#include "sink/dynamodb/adaptive_limit.h"

#include <gtest/gtest.h>

namespace omashu::sink::dynamodb {
namespace {

TEST(AdaptiveLimit, ThrottlingHalvesItOncePerRoundAndNeverBelowOne) {
  AdaptiveLimit limit(8);
  const uint64_t round = limit.round();
  for (int i = 0; i < 8; ++i) limit.on_throttle(round);
  EXPECT_EQ(limit.limit(), 4) << "requests that were sent together are throttled together";
  for (int i = 0; i < 5; ++i) limit.on_throttle(limit.round());
  EXPECT_EQ(limit.limit(), 1);
}

TEST(AdaptiveLimit, ARoundOfSuccessRaisesItByOneUpToTheMost) {
  AdaptiveLimit limit(8);
  limit.on_throttle(limit.round());
  for (int i = 0; i < 5; ++i) limit.on_success();
  EXPECT_EQ(limit.limit(), 5);
  for (int i = 0; i < 100; ++i) limit.on_success();
  EXPECT_EQ(limit.limit(), 8);
}

}  // namespace
}  // namespace omashu::sink::dynamodb
