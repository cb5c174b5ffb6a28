#include "broker/group/consumer_subscription.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

using ::testing::ElementsAre;
using testing::from_hex;
using ::testing::IsEmpty;

// As Java's consumer writes it, by version, for the topics "jobs" and "status".
const std::vector<std::string> kJavaSubscriptions = {
    "0000 00000002 0004 6a6f6273 0006 737461747573 ffffffff",
    "0001 00000002 0004 6a6f6273 0006 737461747573 ffffffff 00000001 0004 6a6f6273 00000001 00000001",
    "0002 00000002 0004 6a6f6273 0006 737461747573 ffffffff 00000001 0004 6a6f6273 00000001 00000001 00000004",
    "0003 00000002 0004 6a6f6273 0006 737461747573 ffffffff 00000001 0004 6a6f6273 00000001 00000001 00000004 0004 "
    "7261636b"};

TEST(ConsumerSubscription, NamesItsTopicsInEveryVersion) {
  for (const std::string& hex : kJavaSubscriptions) {
    const std::string bytes = from_hex(hex);
    EXPECT_THAT(subscribed_topics(bytes).value(), ElementsAre("jobs", "status")) << hex;
  }
  EXPECT_THAT(subscribed_topics(from_hex("0000 00000000 ffffffff")).value(), IsEmpty());
}

TEST(ConsumerSubscription, OtherBytesAreNone) {
  EXPECT_EQ(subscribed_topics(""), std::nullopt);
  EXPECT_EQ(subscribed_topics("round robin, please"), std::nullopt);
  EXPECT_EQ(subscribed_topics(from_hex("ffff 00000000")), std::nullopt) << "a negative version";
  EXPECT_EQ(subscribed_topics(from_hex("0000 7fffffff 0004 6a6f6273")), std::nullopt) << "more topics than bytes";
  const std::string bytes = from_hex(kJavaSubscriptions[0]);
  for (size_t size = 0; size + 4 < bytes.size(); ++size) {
    EXPECT_EQ(subscribed_topics(std::string_view(bytes).substr(0, size)), std::nullopt) << size;
  }
}

}  // namespace
}  // namespace omashu::broker
