#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/group/testing/coordinator_fixture.h"

namespace omashu::broker {
namespace {

using testing::Client;
using testing::CoordinatorFixture;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string_view state(CoordinatorFixture& fixture) { return fixture.coordinator().describe_group("g").state; }

class GroupJoinTest : public ::testing::Test {
 protected:
  CoordinatorFixture fixture_;
  Client a_{.client_id = "a", .metadata = "a's"};
  Client b_{.client_id = "b", .metadata = "b's"};
};

TEST_F(GroupJoinTest, TheFirstMemberIsTheLeaderAtOnce) {
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(a_));
  EXPECT_EQ(answer.error, KafkaError::kNone);
  EXPECT_EQ(answer.generation_id, 1);
  EXPECT_THAT(answer.member_id, StartsWith("a-"));
  EXPECT_EQ(answer.leader, answer.member_id);
  EXPECT_EQ(answer.protocol_type, "consumer");
  EXPECT_EQ(answer.protocol_name, "range");
  ASSERT_EQ(answer.members.size(), 1u);
  EXPECT_EQ(answer.members[0].member_id, answer.member_id);
  EXPECT_EQ(answer.members[0].metadata, "a's");
  EXPECT_EQ(state(fixture_), "CompletingRebalance");
}

TEST_F(GroupJoinTest, ASecondMemberWaitsForTheFirst) {
  a_.enter(fixture_.joined(fixture_.join(a_)));
  const RequestId b_join = fixture_.join(b_);
  EXPECT_TRUE(fixture_.is_waiting(b_join));
  EXPECT_EQ(state(fixture_), "PreparingRebalance");
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kRebalanceInProgress);
  const JoinGroupAnswer a_answer = fixture_.joined(fixture_.join(a_));
  const JoinGroupAnswer b_answer = fixture_.joined(b_join);
  EXPECT_EQ(a_answer.generation_id, 2);
  EXPECT_EQ(b_answer.generation_id, 2);
  EXPECT_EQ(a_answer.leader, a_.member_id);
  EXPECT_EQ(b_answer.leader, a_.member_id);
  EXPECT_EQ(a_answer.members.size(), 2u);
  EXPECT_THAT(b_answer.members, IsEmpty()) << "for the leader alone";
}

TEST_F(GroupJoinTest, WhoDoesNotRejoinInTimeIsDropped) {
  a_.enter(fixture_.joined(fixture_.join(a_)));
  a_.session_timeout_ms = 1'000'000;
  a_.enter(fixture_.joined(fixture_.join(a_)));
  const RequestId b_join = fixture_.join(b_);
  fixture_.advance(9'000);
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kRebalanceInProgress);
  fixture_.advance(9'000);
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kRebalanceInProgress) << "alive, but does not join";
  for (int i = 0; i < 5; ++i) {
    fixture_.advance(9'000);
    (void)fixture_.heartbeat(a_);
  }
  const JoinGroupAnswer answer = fixture_.joined(b_join);
  EXPECT_EQ(answer.leader, answer.member_id);
  EXPECT_EQ(answer.members.size(), 1u);
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kUnknownMemberId);
}

TEST_F(GroupJoinTest, ANewMemberMustComeBackWithItsId) {
  a_.requires_member_id = true;
  const JoinGroupAnswer required = fixture_.joined(fixture_.join(a_));
  EXPECT_EQ(required.error, KafkaError::kMemberIdRequired);
  EXPECT_THAT(required.member_id, StartsWith("a-"));
  EXPECT_EQ(state(fixture_), "Empty");
  a_.member_id = required.member_id;
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(a_));
  EXPECT_EQ(answer.error, KafkaError::kNone);
  EXPECT_EQ(answer.member_id, required.member_id);
}

TEST_F(GroupJoinTest, AnIdThatIsOutIsWaitedForUntilItsSessionIsOver) {
  b_.requires_member_id = true;
  b_.member_id = fixture_.joined(fixture_.join(b_)).member_id;
  const RequestId a_join = fixture_.join(a_);
  fixture_.advance(9'999);
  EXPECT_TRUE(fixture_.is_waiting(a_join));
  fixture_.advance(1);
  EXPECT_EQ(fixture_.joined(a_join).members.size(), 1u);
  EXPECT_EQ(fixture_.joined(fixture_.join(b_)).error, KafkaError::kUnknownMemberId);
}

TEST_F(GroupJoinTest, TwoWhoStartTogetherAreOneGeneration) {
  a_.requires_member_id = b_.requires_member_id = true;
  a_.member_id = fixture_.joined(fixture_.join(a_)).member_id;
  b_.member_id = fixture_.joined(fixture_.join(b_)).member_id;
  const RequestId a_join = fixture_.join(a_);
  const RequestId b_join = fixture_.join(b_);
  EXPECT_EQ(fixture_.joined(a_join).generation_id, 1);
  EXPECT_EQ(fixture_.joined(b_join).generation_id, 1);
}

TEST_F(GroupJoinTest, ARefusedIdIsNotWaitedFor) {
  b_.requires_member_id = true;
  b_.member_id = fixture_.joined(fixture_.join(b_)).member_id;
  const RequestId a_join = fixture_.join(a_);
  b_.protocols = {"sticky"};
  EXPECT_EQ(fixture_.joined(fixture_.join(b_)).error, KafkaError::kInconsistentGroupProtocol);
  EXPECT_FALSE(fixture_.is_waiting(a_join));
}

TEST_F(GroupJoinTest, ProtocolsMustBeShared) {
  a_.protocols = {"range", "sticky"};
  b_.protocols = {"sticky", "roundrobin"};
  fixture_.stabilize({&a_, &b_});
  EXPECT_EQ(fixture_.coordinator().describe_group("g").protocol_name, "sticky");
  Client c{.client_id = "c", .protocols = {"range", "roundrobin"}};
  EXPECT_EQ(fixture_.joined(fixture_.join(c)).error, KafkaError::kInconsistentGroupProtocol);
  c.protocols = {"sticky"};
  c.protocol_type = "connect";
  EXPECT_EQ(fixture_.joined(fixture_.join(c)).error, KafkaError::kInconsistentGroupProtocol);
  b_.protocols = {"roundrobin"};
  const JoinGroupAnswer refused = fixture_.joined(fixture_.join(b_));
  EXPECT_EQ(refused.error, KafkaError::kInconsistentGroupProtocol);
  EXPECT_EQ(refused.member_id, b_.member_id);
  EXPECT_EQ(refused.generation_id, -1);
  EXPECT_EQ(state(fixture_), "Stable") << "a refused join changes nothing";
}

TEST_F(GroupJoinTest, AnEmptyGroupTakesAnyProtocolButNone) {
  Client none{.client_id = "c", .protocols = {}};
  EXPECT_EQ(fixture_.joined(fixture_.join(none)).error, KafkaError::kInconsistentGroupProtocol);
  Client no_type{.client_id = "c", .protocol_type = ""};
  EXPECT_EQ(fixture_.joined(fixture_.join(no_type)).error, KafkaError::kInconsistentGroupProtocol);
  fixture_.stabilize({&a_});
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  Client connect{.client_id = "c", .protocol_type = "connect", .protocols = {"default"}};
  EXPECT_EQ(fixture_.joined(fixture_.join(connect)).protocol_type, "connect");
}

TEST_F(GroupJoinTest, WhoIsNotKnownIsSent) {
  a_.member_id = "a-stranger";
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).error, KafkaError::kUnknownMemberId) << "no group";
  EXPECT_THAT(fixture_.coordinator().list_groups(), IsEmpty()) << "nor one because of this";
  fixture_.stabilize({&b_});
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(a_));
  EXPECT_EQ(answer.error, KafkaError::kUnknownMemberId);
  EXPECT_EQ(answer.member_id, "a-stranger");
}

TEST_F(GroupJoinTest, GroupsHaveNamesAndSessionsHaveBounds) {
  a_.group_id = "";
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).error, KafkaError::kInvalidGroupId);
  a_.group_id = "g";
  for (const int32_t timeout_ms : {-1, 0, 5'999, 1'800'001}) {
    a_.session_timeout_ms = timeout_ms;
    EXPECT_EQ(fixture_.joined(fixture_.join(a_)).error, KafkaError::kInvalidSessionTimeout) << timeout_ms;
  }
  a_.session_timeout_ms = 6'000;
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).error, KafkaError::kNone);
}

TEST_F(GroupJoinTest, WhatAMemberBringsIsBounded) {
  a_.metadata = std::string((1 << 18) - 5, 'x');
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).error, KafkaError::kNone);
  a_.metadata += 'x';
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).error, KafkaError::kMessageTooLarge);
  b_.protocols = std::vector<std::string>(65, "range");
  EXPECT_EQ(fixture_.joined(fixture_.join(b_)).error, KafkaError::kInvalidRequest);
  Client long_name{.client_id = std::string(32'001, 'c')};
  EXPECT_EQ(fixture_.joined(fixture_.join(long_name)).error, KafkaError::kInvalidRequest);
  Client long_instance{.client_id = "c", .group_instance_id = std::string(32'001, 'i')};
  EXPECT_EQ(fixture_.joined(fixture_.join(long_instance)).error, KafkaError::kInvalidRequest);
}

TEST(GroupMaxSizeTest, MembersAndIdsThatAreOutAreBounded) {
  CoordinatorFixture fixture({.group_max_size = 2});
  Client a{.client_id = "a"};
  Client b{.client_id = "b", .group_instance_id = "b"};
  fixture.stabilize({&a, &b});
  Client c{.client_id = "c"};
  const JoinGroupAnswer answer = fixture.joined(fixture.join(c));
  EXPECT_EQ(answer.error, KafkaError::kGroupMaxSizeReached);
  EXPECT_EQ(answer.member_id, "");
  b.member_id = "";
  EXPECT_EQ(fixture.joined(fixture.join(b)).error, KafkaError::kNone) << "an instance that comes back needs no place";
  EXPECT_TRUE(fixture.is_waiting(fixture.join(a))) << "nor does a member: the leader asks for a rebalance";

  Client d{.client_id = "d", .group_id = "h", .requires_member_id = true};
  d.member_id = fixture.joined(fixture.join(d)).member_id;
  for (const auto expected : {KafkaError::kMemberIdRequired, KafkaError::kGroupMaxSizeReached}) {
    Client e{.client_id = "e", .group_id = "h", .requires_member_id = true};
    EXPECT_EQ(fixture.joined(fixture.join(e)).error, expected);
  }
  EXPECT_TRUE(fixture.is_waiting(fixture.join(d)));
}

TEST_F(GroupJoinTest, AJoinThatIsRepeatedEndsTheOneBefore) {
  a_.enter(fixture_.joined(fixture_.join(a_)));
  b_.requires_member_id = true;
  b_.member_id = fixture_.joined(fixture_.join(b_)).member_id;
  const RequestId first = fixture_.join(b_);
  const RequestId second = fixture_.join(b_);
  EXPECT_EQ(fixture_.joined(first).error, KafkaError::kRebalanceInProgress);
  fixture_.join(a_);
  EXPECT_EQ(fixture_.joined(second).error, KafkaError::kNone);
}

TEST_F(GroupJoinTest, AFollowerThatAsksAgainIsToldTheGeneration) {
  fixture_.stabilize({&a_, &b_});
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(b_));
  EXPECT_EQ(answer.error, KafkaError::kNone);
  EXPECT_EQ(answer.generation_id, b_.generation_id);
  EXPECT_EQ(answer.leader, a_.member_id);
  EXPECT_EQ(state(fixture_), "Stable");
}

TEST_F(GroupJoinTest, TheLeaderThatJoinsAStableGroupWantsARebalance) {
  fixture_.stabilize({&a_, &b_});
  EXPECT_TRUE(fixture_.is_waiting(fixture_.join(a_)));
  EXPECT_EQ(state(fixture_), "PreparingRebalance");
}

TEST_F(GroupJoinTest, ANewSubscriptionIsARebalance) {
  fixture_.stabilize({&a_, &b_});
  b_.metadata = "more topics";
  EXPECT_TRUE(fixture_.is_waiting(fixture_.join(b_)));
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(a_));
  ASSERT_EQ(answer.members.size(), 2u);
  EXPECT_EQ(answer.members[0].metadata, "a's");
  EXPECT_EQ(answer.members[1].metadata, "more topics");
}

TEST_F(GroupJoinTest, WhileTheLeaderAssignsAJoinMayBeAskedForAgain) {
  a_.enter(fixture_.joined(fixture_.join(a_)));
  const JoinGroupAnswer again = fixture_.joined(fixture_.join(a_));
  EXPECT_EQ(again.generation_id, 1);
  EXPECT_EQ(again.members.size(), 1u) << "the leader needs them";
  a_.metadata = "other";
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).generation_id, 2) << "a change is a new generation";
}

TEST_F(GroupJoinTest, AChangeWhileTheLeaderAssignsSendsTheOthersBack) {
  fixture_.stabilize({&a_, &b_});
  const RequestId b_join = (b_.metadata = "x", fixture_.join(b_));
  a_.enter(fixture_.joined(fixture_.join(a_)));
  b_.enter(fixture_.joined(b_join));
  const RequestId b_sync = fixture_.sync(b_);
  EXPECT_TRUE(fixture_.is_waiting(b_sync));
  a_.metadata = "y";
  fixture_.join(a_);
  EXPECT_EQ(fixture_.synced(b_sync).error, KafkaError::kRebalanceInProgress);
}

TEST_F(GroupJoinTest, ANewMemberThatIsGoneIsGivenUp) {
  a_.enter(fixture_.joined(fixture_.join(a_)));
  a_.rebalance_timeout_ms = 1'000'000;
  a_.session_timeout_ms = 1'000'000;
  a_.metadata = "changed";
  a_.enter(fixture_.joined(fixture_.join(a_)));
  const RequestId b_join = fixture_.join(b_);  // waits for a, which lives but does not come
  fixture_.advance(299'999);
  EXPECT_TRUE(fixture_.is_waiting(b_join));
  fixture_.advance(1);
  const JoinGroupAnswer answer = fixture_.joined(b_join);
  EXPECT_EQ(answer.error, KafkaError::kUnknownMemberId);
  EXPECT_EQ(answer.member_id, "");
}

class InitialDelayTest : public ::testing::Test {
 protected:
  CoordinatorFixture fixture_{{.group_initial_rebalance_delay_ms = 3'000}};
  Client a_{.client_id = "a"};
  Client b_{.client_id = "b"};
};

TEST_F(InitialDelayTest, TheFirstRebalanceWaits) {
  const RequestId a_join = fixture_.join(a_);
  fixture_.advance(2'999);
  EXPECT_TRUE(fixture_.is_waiting(a_join));
  fixture_.advance(1);
  a_.enter(fixture_.joined(a_join));
  EXPECT_EQ(a_.generation_id, 1);
  fixture_.join(b_);
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).generation_id, 2) << "the second does not";
}

TEST_F(InitialDelayTest, ANewcomerProlongsItUpToTheRebalanceTimeout) {
  a_.rebalance_timeout_ms = b_.rebalance_timeout_ms = 7'000;
  const RequestId a_join = fixture_.join(a_);
  fixture_.advance(2'000);
  fixture_.join(b_);
  fixture_.advance(3'999);
  EXPECT_TRUE(fixture_.is_waiting(a_join));
  Client c{.client_id = "c", .rebalance_timeout_ms = 7'000};
  fixture_.join(c);
  fixture_.advance(1'000);
  EXPECT_TRUE(fixture_.is_waiting(a_join)) << "the second prolongation ends with the rebalance timeout";
  fixture_.advance(1);
  EXPECT_EQ(fixture_.joined(a_join).members.size(), 3u);
}

}  // namespace
}  // namespace omashu::broker
