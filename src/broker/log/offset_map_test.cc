#include "broker/log/offset_map.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <string>

namespace omashu::broker {
namespace {

// From the vectors that come with SipHash: the secret is 00 01 … 0f, the message 00 01 … of each length.
TEST(KeyHash, GivesTheValuesOfTheReference) {
  const KeyHasher hash({0x0706050403020100, 0x0f0e0d0c0b0a0908});
  const auto bytes_of = [&](size_t length) {
    std::string key;
    for (size_t i = 0; i < length; ++i) key += static_cast<char>(i);
    const KeyHash value = hash(key);
    std::string hex;
    const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
    for (size_t i = 0; i < sizeof value; ++i) {
      hex += "0123456789abcdef"[bytes[i] >> 4];
      hex += "0123456789abcdef"[bytes[i] & 15];
    }
    return hex;
  };
  EXPECT_EQ(bytes_of(0), "a3817f04ba25a8e66df67214c7550293");
  EXPECT_EQ(bytes_of(1), "da87c1d86b99af44347659119b22fc45");
  EXPECT_EQ(bytes_of(2), "8177228da4a45dc7fca38bdef60affe4");
  EXPECT_EQ(bytes_of(3), "9c70b60c5267a94e5f33b6b02985ed51");
}

TEST(KeyHash, SecretsDiffer) { EXPECT_NE(KeyHasher()("key"), KeyHasher()("key")); }

TEST(OffsetMap, AgreesWithAMap) {
  std::mt19937 random(5);
  OffsetMap map(8 << 20);
  std::map<std::string, Offset> expected;
  for (Offset offset{0}; offset < Offset{50'000}; ++offset) {
    const std::string key(random() % 20, static_cast<char>('a' + random() % 26));
    const std::string longer = key + std::to_string(random() % 5000);
    ASSERT_TRUE(map.put(longer, offset));
    expected[longer] = offset;
  }
  EXPECT_EQ(map.size(), expected.size());
  for (const auto& [key, offset] : expected) ASSERT_EQ(map.find(key), offset);
  EXPECT_EQ(map.find("never"), std::nullopt);
}

TEST(OffsetMap, FullItTakesKnownKeysOnly) {
  OffsetMap map(100'000);
  Offset count{0};
  while (map.put(fmt::format("{}", count), count)) ++count;
  EXPECT_GT(count, Offset{1500});
  EXPECT_LT(count, Offset{100'000 / 24});
  EXPECT_TRUE(map.put("7", count));
  EXPECT_EQ(map.find("7"), count);
  EXPECT_EQ(map.find(fmt::format("{}", count)), std::nullopt);
}

}  // namespace
}  // namespace omashu::broker
