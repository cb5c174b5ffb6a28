// What a mock cluster can tell of groups: offsets, committed and listed. The rest is tested on a real Kafka.

#include "kafka/group_admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kafka/mock_cluster.h"

namespace omashu::kafka {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::unique_ptr<GroupAdmin> open_admin(const ClientConfig& config) {
  auto admin = GroupAdmin::open(config, seconds(30));
  EXPECT_TRUE(admin) << admin.error().message;
  return admin ? std::move(*admin) : nullptr;
}

TEST(GroupAdminTest, CommitsForAGroupAndListsOffsets) {
  MockCluster mock;
  mock.create_topic("a", 2);
  const auto admin = open_admin(mock.config());
  const auto altered = admin->alter_committed_offsets("readers", {{{"a", 0}, 7}, {{"a", 1}, 0}});
  ASSERT_TRUE(altered) << altered.error().message;
  ASSERT_THAT(*altered, SizeIs(2));
  for (const auto& [partition, result] : *altered) EXPECT_TRUE(result) << result.error().message;
  const auto listed = admin->list_offsets({{{"a", 0}, kEarliestTimestamp}, {{"a", 1}, kLatestTimestamp}});
  ASSERT_THAT(listed, SizeIs(2));
  EXPECT_EQ(listed.at({"a", 0})->offset, 0);
  EXPECT_EQ(listed.at({"a", 1})->offset, 0);
}

TEST(GroupAdminTest, NothingIsAskedForNoGroup) {
  const MockCluster mock;
  const auto admin = open_admin(mock.config());
  EXPECT_THAT(admin->committed_offsets({}), IsEmpty());
  EXPECT_THAT(admin->delete_groups({}), IsEmpty());
}

TEST(GroupAdminTest, EachCallGivesUpWhereNobodyListens) {
  std::string address;
  {
    const MockCluster gone;
    address = gone.bootstrap_servers();
  }
  ClientConfig config;
  config.set("bootstrap.servers", address);
  const auto admin = open_admin(config);
  const auto groups = admin->list_groups();
  ASSERT_FALSE(groups);
  EXPECT_EQ(groups.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(groups.error().message, HasSubstr("no broker at " + address + " answered within"));
}

}  // namespace
}  // namespace omashu::kafka
