// What a row leaves to the brokers: -1 in a column, and `default` as the value of a setting.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/diff_text.h"
#include "provision/plan_json.h"
#include "provision/testing/provision_fixture.h"
#include "provision/wait.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

TEST(BrokerDefaults, OfPartitionsAndReplicas) {
  ProvisionFixture fixture{.files = {{"f", "t -1 -1 - false delete true min.insync.replicas=2\n"}}};
  fixture.admin.default_partitions = 6;
  EXPECT_EQ(brokers_needed(fixture.desired()), 1u);
  EXPECT_THAT(fixture.desired().warnings, IsEmpty());
  EXPECT_THAT(diff_text(fixture.plan(), Colours::kOff),
              StartsWith("+ topic t (the brokers' number of partitions, the brokers' replication factor)\n"));
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_EQ(fixture.admin.topics.at("t").partitions, 6);
  EXPECT_THAT(fixture.plan().actions, IsEmpty());  // whatever they gave it

  fixture.files["f"] = "t -2 0 - false delete true\n";
  EXPECT_THAT(fixture.mistakes(),
              ElementsAre("f:1:3: partitions is -2: it must be from 1 to 2147483647, or -1 for as many as the brokers "
                          "give topics by themselves",
                          StartsWith("f:1:6: replication_factor is 0: it must be from 1 to 32767, or -1")));
}

TEST(BrokerDefaults, OfSettings) {
  ProvisionFixture fixture{.files = {{"f", "t 1 1 - false delete true retention.ms=7d segment.bytes=64MiB\n"}}};
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.admin.topics.at("t").configs,
              ElementsAre(Pair("cleanup.policy", "delete"), Pair("retention.ms", "604800000"),
                          Pair("segment.bytes", "67108864")));
  EXPECT_THAT(fixture.plan().actions, IsEmpty());

  fixture.files["f"] = "t 1 1 - false delete true segment.bytes=default retention.bytes=default\n";
  const Plan plan = fixture.plan();
  EXPECT_THAT(diff_text(plan, Colours::kOff),
              StartsWith("~ topic t\n    ~ segment.bytes: 67108864 (64 MiB) → default\n"));
  EXPECT_THAT(json::to_text(plan_json(plan)), HasSubstr(R"("was_default":false,"after":null})"));
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_FALSE(fixture.admin.topics.at("t").configs.contains("segment.bytes"));
  EXPECT_THAT(fixture.plan().actions, IsEmpty());

  fixture.admin.topics.clear();
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.admin.topics.at("t").configs, ElementsAre(Pair("cleanup.policy", "delete")));
}

}  // namespace
}  // namespace omashu::provision
