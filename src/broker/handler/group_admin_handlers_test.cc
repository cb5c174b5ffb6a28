#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/08_offset_commit.h"
#include "broker/protocol/11_join_group.h"
#include "broker/protocol/15_describe_groups.h"
#include "broker/protocol/16_list_groups.h"
#include "broker/protocol/42_delete_groups.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class GroupAdminHandlersTest : public BrokerFixture {
 protected:
  // The group "empty", which only keeps an offset, and "joined", whose one member has not synced.
  void SetUp() override {
    create_topic("t");
    call(OffsetCommitRequest{
        .group_id = "empty",
        .topics = {{.name = "t", .partitions = {{.partition_index = PartitionId{0}, .committed_offset = Offset{1}}}}}});
    member_id_ = call(JoinGroupRequest{.group_id = "joined",
                                       .session_timeout_ms = 10'000,
                                       .protocol_type = "consumer",
                                       .protocols = {{"range", BytesView{"subscription"}}}},
                      0)
                     ->member_id;
  }

  std::vector<std::string> listed(const ListGroupsRequest& request, int16_t version = 5) {
    std::vector<std::string> names;
    const auto answer = call(request, version);
    EXPECT_EQ(answer->error_code, KafkaError::kNone);
    for (const auto& group : answer->groups) names.push_back(group.group_id);
    return names;
  }

  std::string member_id_;
};

TEST_F(GroupAdminHandlersTest, ListsAllGroupsAtEveryVersion) {
  for (int16_t version = 0; version <= 5; ++version) {
    const auto answer = call(ListGroupsRequest{}, version);
    ASSERT_THAT(answer->groups, SizeIs(2)) << version;
    EXPECT_EQ(answer->groups[1].group_id, "joined");
    EXPECT_EQ(answer->groups[1].protocol_type, "consumer");
    EXPECT_EQ(answer->groups[1].group_state, version >= 4 ? "CompletingRebalance" : "");
    EXPECT_EQ(answer->groups[1].group_type, version >= 5 ? "classic" : "");
    EXPECT_EQ(answer->groups[0].protocol_type, "");
  }
}

TEST_F(GroupAdminHandlersTest, ListsByStateAndType) {
  EXPECT_THAT(listed({.states_filter = {"Empty"}}), ElementsAre("empty"));
  EXPECT_THAT(listed({.states_filter = {"completingrebalance", "Stable"}}, 4), ElementsAre("joined"));
  EXPECT_THAT(listed({.states_filter = {"Nonsense"}}), IsEmpty());
  EXPECT_THAT(listed({.types_filter = {"Classic"}}), SizeIs(2));
  EXPECT_THAT(listed({.types_filter = {"consumer"}}), IsEmpty());
}

TEST_F(GroupAdminHandlersTest, DescribesGroupsAtEveryVersion) {
  for (int16_t version = 0; version <= 5; ++version) {
    const auto answer = call(DescribeGroupsRequest{.groups = {"joined", "nobody", "empty"}}, version);
    ASSERT_THAT(answer->groups, SizeIs(3)) << version;
    const auto& group = answer->groups[0];
    EXPECT_EQ(group.error_code, KafkaError::kNone);
    EXPECT_EQ(group.group_id, "joined");
    EXPECT_EQ(group.group_state, "CompletingRebalance");
    EXPECT_EQ(group.protocol_type, "consumer");
    EXPECT_EQ(group.authorized_operations, kOperationsNotRequested);
    ASSERT_THAT(group.members, SizeIs(1));
    EXPECT_EQ(group.members[0].member_id, member_id_);
    EXPECT_EQ(group.members[0].client_id, "tester");
    EXPECT_EQ(group.members[0].client_host, "/127.0.0.1");
    EXPECT_EQ(answer->groups[1].error_code, KafkaError::kNone);
    EXPECT_EQ(answer->groups[1].group_state, "Dead");
    EXPECT_EQ(answer->groups[2].group_state, "Empty");
  }
  const auto allowed = call(DescribeGroupsRequest{.groups = {"joined"}, .include_authorized_operations = true});
  EXPECT_EQ(allowed->groups.at(0).authorized_operations, 3400);
}

TEST_F(GroupAdminHandlersTest, DeletesEmptyGroups) {
  for (const int16_t version : std::initializer_list<int16_t>{0, 2}) {
    const auto answer = call(DeleteGroupsRequest{.groups_names = {"empty", "joined", "nobody"}}, version);
    ASSERT_THAT(answer->results, SizeIs(3));
    EXPECT_EQ(answer->results[0].group_id, "empty");
    EXPECT_EQ(answer->results[0].error_code, version == 0 ? KafkaError::kNone : KafkaError::kGroupIdNotFound);
    EXPECT_EQ(answer->results[1].error_code, KafkaError::kNonEmptyGroup);
    EXPECT_EQ(answer->results[2].error_code, KafkaError::kGroupIdNotFound);
  }
  EXPECT_THAT(listed({}), ElementsAre("joined"));
}

}  // namespace
}  // namespace omashu::broker
