#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/11_join_group.h"
#include "broker/protocol/12_heartbeat.h"
#include "broker/protocol/13_leave_group.h"
#include "broker/protocol/14_sync_group.h"

namespace omashu::broker {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

JoinGroupRequest join_of(std::string_view group_id, std::string_view member_id = "") {
  return {.group_id = group_id,
          .session_timeout_ms = 10'000,
          .rebalance_timeout_ms = 60'000,
          .member_id = member_id,
          .protocol_type = "consumer",
          .protocols = {{"range", BytesView{"subscription"}}}};
}

SyncGroupRequest sync_of(const JoinGroupResponse& joined, std::vector<SyncGroupRequest::Assignment> assignments = {}) {
  return {.group_id = "g",
          .generation_id = joined.generation_id,
          .member_id = joined.member_id,
          .protocol_type = "consumer",
          .protocol_name = "range",
          .assignments = std::move(assignments)};
}

HeartbeatRequest heartbeat_of(const JoinGroupResponse& joined) {
  return {.group_id = "g", .generation_id = joined.generation_id, .member_id = joined.member_id};
}

class GroupMembersTest : public BrokerFixture {
 protected:
  // A member of version 3, which needs no id beforehand.
  Received<JoinGroupResponse> join(std::string_view member_id = "") { return call(join_of("g", member_id), 3); }
};

TEST_F(GroupMembersTest, AMemberJoinsAtEveryVersion) {
  for (int16_t version = 0; version <= 9; ++version) {
    const std::string group_id = "g" + std::to_string(version);
    auto joined = call(join_of(group_id), version);
    if (version >= 4) {
      EXPECT_EQ(joined->error_code, KafkaError::kMemberIdRequired) << version;
      const std::string member_id = joined->member_id;
      joined = call(join_of(group_id, member_id), version);
    }
    EXPECT_EQ(joined->error_code, KafkaError::kNone) << version;
    EXPECT_EQ(joined->generation_id, 1);
    EXPECT_THAT(joined->member_id, StartsWith("tester-"));
    EXPECT_EQ(joined->leader, joined->member_id);
    EXPECT_EQ(joined->protocol_name, "range");
    EXPECT_EQ(joined->protocol_type.has_value(), version >= 7) << version;
    ASSERT_THAT(joined->members, SizeIs(1));
    EXPECT_EQ(joined->members[0].metadata.data, "subscription");
  }
}

TEST_F(GroupMembersTest, ARefusedJoinHasNoGeneration) {
  for (const int16_t version : std::initializer_list<int16_t>{0, 9}) {
    const auto refused = call(join_of(""), version);
    EXPECT_EQ(refused->error_code, KafkaError::kInvalidGroupId);
    EXPECT_EQ(refused->generation_id, -1);
    EXPECT_EQ(refused->protocol_name, version < 7 ? std::optional<std::string>("") : std::nullopt);
  }
  JoinGroupRequest hasty = join_of("g");
  hasty.session_timeout_ms = 1;
  EXPECT_EQ(call(hasty)->error_code, KafkaError::kInvalidSessionTimeout);
  EXPECT_EQ(call(join_of("g", "stranger"))->error_code, KafkaError::kUnknownMemberId);
}

TEST_F(GroupMembersTest, TwoMembersShareAGroup) {
  const auto alone = join();
  auto b_join = send(join_of("g"), 3);
  EXPECT_EQ(call(heartbeat_of(*alone), 0)->error_code, KafkaError::kRebalanceInProgress);
  EXPECT_NE(b_join.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  const auto a = join(alone->member_id);
  const auto b = receive<JoinGroupRequest>(b_join, 3);
  EXPECT_EQ(a->generation_id, 2);
  EXPECT_EQ(b->generation_id, 2);
  EXPECT_EQ(b->leader, a->member_id);
  EXPECT_THAT(a->members, SizeIs(2));
  EXPECT_THAT(b->members, IsEmpty());

  auto b_sync = send(sync_of(*b), 5);
  const auto a_synced = call(sync_of(*a, {{a->member_id, BytesView{"a's"}}, {b->member_id, BytesView{"b's"}}}), 5);
  EXPECT_EQ(a_synced->assignment.data, "a's");
  EXPECT_EQ(a_synced->protocol_name, "range");
  EXPECT_EQ(receive<SyncGroupRequest>(b_sync, 5)->assignment.data, "b's");
  for (const int16_t version : std::initializer_list<int16_t>{0, 4}) {
    EXPECT_EQ(call(heartbeat_of(*a), version)->error_code, KafkaError::kNone);
    EXPECT_EQ(call(heartbeat_of(*b), version)->error_code, KafkaError::kNone);
  }
  HeartbeatRequest stranger = heartbeat_of(*a);
  stranger.member_id = "stranger";
  EXPECT_EQ(call(stranger)->error_code, KafkaError::kUnknownMemberId);
}

TEST_F(GroupMembersTest, WithoutARebalanceTimeoutTheSessionTimeoutIsBoth) {
  JoinGroupRequest old = join_of("g");
  old.rebalance_timeout_ms = 1;  // is not sent in version 0
  const auto joined = call(old, 0);
  call(sync_of(*joined), 0);
  EXPECT_EQ(broker().groups().read([](const GroupCoordinator& groups) { return groups.describe_group("g").state; }),
            "Stable");
}

TEST_F(GroupMembersTest, ASyncNamesItsProtocolFromVersion5On) {
  const auto joined = join();
  SyncGroupRequest sync = sync_of(*joined);
  sync.protocol_name.reset();
  EXPECT_EQ(call(sync, 5)->error_code, KafkaError::kInconsistentGroupProtocol);
  sync = sync_of(*joined);
  sync.protocol_type.reset();
  EXPECT_EQ(call(sync, 5)->error_code, KafkaError::kInconsistentGroupProtocol);
  EXPECT_EQ(call(sync, 4)->error_code, KafkaError::kNone);
  SyncGroupRequest late = sync_of(*joined);
  late.generation_id = 7;
  for (const int16_t version : std::initializer_list<int16_t>{0, 5})
    EXPECT_EQ(call(late, version)->error_code, KafkaError::kIllegalGeneration);
}

TEST_F(GroupMembersTest, OlderClientsLeaveOneByOne) {
  const auto joined = join();
  for (const auto expected : {KafkaError::kNone, KafkaError::kUnknownMemberId}) {
    EXPECT_EQ(call(LeaveGroupRequest{.group_id = "g", .member_id = joined->member_id}, 2)->error_code, expected);
  }
  EXPECT_EQ(call(LeaveGroupRequest{.group_id = "", .member_id = "m"}, 0)->error_code, KafkaError::kInvalidGroupId);
  EXPECT_EQ(call(LeaveGroupRequest{.group_id = "h", .member_id = "m"}, 0)->error_code, KafkaError::kUnknownMemberId);
}

TEST_F(GroupMembersTest, NewerClientsLeaveTogether) {
  const auto joined = join();
  const LeaveGroupRequest leave{
      .group_id = "g",
      .members = {{.member_id = joined->member_id, .reason = "done"}, {.member_id = "m", .group_instance_id = "i"}}};
  const auto left = call(leave);
  EXPECT_EQ(left->error_code, KafkaError::kNone);
  ASSERT_THAT(left->members, SizeIs(2));
  EXPECT_EQ(left->members[0].member_id, joined->member_id);
  EXPECT_EQ(left->members[0].error_code, KafkaError::kNone);
  EXPECT_EQ(left->members[1].group_instance_id, "i");
  EXPECT_EQ(left->members[1].error_code, KafkaError::kUnknownMemberId);
  EXPECT_EQ(call(LeaveGroupRequest{.group_id = "", .members = {{.member_id = "m"}}})->error_code,
            KafkaError::kInvalidGroupId);
  EXPECT_THAT(call(LeaveGroupRequest{.group_id = "g"})->members, IsEmpty());
}

TEST_F(GroupMembersTest, AStaticLeaderThatRestartsSkipsTheAssignment) {
  JoinGroupRequest join = join_of("g");
  join.group_instance_id = "one";
  const auto joined = call(join, 9);
  SyncGroupRequest sync = sync_of(*joined, {{joined->member_id, BytesView{"all"}}});
  sync.group_instance_id = "one";
  call(sync);
  const auto again = call(join, 9);
  EXPECT_TRUE(again->skip_assignment);
  EXPECT_EQ(again->generation_id, joined->generation_id);
  sync.member_id = again->member_id;
  sync.assignments.clear();
  EXPECT_EQ(call(sync)->assignment.data, "all");
  HeartbeatRequest fenced = heartbeat_of(*joined);
  fenced.group_instance_id = "one";
  EXPECT_EQ(call(fenced)->error_code, KafkaError::kFencedInstanceId);
  const auto old = call(join, 5);
  EXPECT_EQ(old->leader, again->member_id) << "as the others know it";
}

}  // namespace
}  // namespace omashu::broker
