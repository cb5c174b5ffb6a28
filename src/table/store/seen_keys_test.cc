#include "table/store/seen_keys.h"

#include <gtest/gtest.h>

#include <string>

namespace omashu::table {
namespace {

std::string key(int number) { return "{\"omashuId\":\"om-" + std::to_string(number) + "\"}"; }

TEST(SeenKeys, KnowsEachKeyAndFewOthers) {
  constexpr int kKeys = 2'000'000;  // more than the first filter takes
  SeenKeys seen(16u << 20);
  EXPECT_FALSE(seen.may_contain(key(0)));
  for (int i = 0; i < kKeys; ++i) seen.add(key(i));
  for (int i = 0; i < kKeys; ++i) ASSERT_TRUE(seen.may_contain(key(i)));
  int wrong = 0;
  for (int i = kKeys; i < kKeys + 100'000; ++i) wrong += seen.may_contain(key(i)) ? 1 : 0;
  EXPECT_LT(wrong, 3'000);
}

TEST(SeenKeys, BeyondItsMemoryEverythingMayHaveBeenSeen) {
  SeenKeys seen(1u << 20);
  seen.add(key(0));
  EXPECT_FALSE(seen.may_contain(key(-1)));
  for (int i = 0; i < 700'000; ++i) seen.add(key(i));
  EXPECT_TRUE(seen.may_contain(key(-1)));
  seen.add(key(-2));
  EXPECT_TRUE(seen.may_contain(key(-2)));
}

}  // namespace
}  // namespace omashu::table
