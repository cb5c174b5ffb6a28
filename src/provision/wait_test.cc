#include "provision/wait.h"

#include <gtest/gtest.h>

#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

TEST(Wait, TheLargestReplicationFactorSaysHowManyBrokers) {
  const ProvisionFixture fixture{.files = {{"f", "a 1 1 - 0 delete 1\nb 1 3 - 0 delete 1\nc 1 9 - 0 delete 0\n"}}};
  EXPECT_EQ(brokers_needed(fixture.desired()), 3u);
  EXPECT_EQ(brokers_needed({}), 1u);
}

TEST(Wait, EndsWhenEnoughBrokersAreThere) {
  FakeAdmin admin;
  int waits = 0;
  const auto wait = [&](int attempt) {
    waits = attempt;
    if (attempt == 2) admin.brokers = 3;
    return true;
  };
  EXPECT_TRUE(wait_for_brokers(admin, 3, wait));
  EXPECT_EQ(waits, 2);
}

TEST(Wait, SaysHowManyBrokersThereWere) {
  FakeAdmin admin;
  const auto waited = wait_for_brokers(admin, 3, [](int) { return false; });
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().message, "waited for 3 brokers (the largest replication factor), and 1 is there");
}

}  // namespace
}  // namespace omashu::provision
