// KIP-345: members with a name of their own come and go without a rebalance.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/group/coordinator_records.h"
#include "broker/group/testing/coordinator_fixture.h"

namespace omashu::broker {
namespace {

using testing::Client;
using testing::CoordinatorFixture;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class StaticMemberTest : public ::testing::Test {
 protected:
  void SetUp() override { fixture_.stabilize({&a_, &b_}); }

  // As a process that has just started.
  static Client restarted(Client client) {
    client.member_id = "";
    client.generation_id = -1;
    return client;
  }
  std::string_view state() { return fixture_.coordinator().describe_group("g").state; }

  CoordinatorFixture fixture_;
  Client a_{.client_id = "a", .group_instance_id = "one"};
  Client b_{.client_id = "b", .group_instance_id = "two"};
};

TEST_F(StaticMemberTest, IdsBearTheInstance) { EXPECT_THAT(a_.member_id, StartsWith("one-")); }

TEST_F(StaticMemberTest, NeedsNoIdBeforehand) {
  Client c{.client_id = "c", .group_id = "h", .group_instance_id = "three", .requires_member_id = true};
  EXPECT_EQ(fixture_.joined(fixture_.join(c)).error, KafkaError::kNone);
}

TEST_F(StaticMemberTest, AFollowerThatRestartsKeepsItsPartWithoutARebalance) {
  Client again = restarted(b_);
  again.enter(fixture_.joined(fixture_.join(again)));
  EXPECT_NE(again.member_id, b_.member_id);
  EXPECT_EQ(again.generation_id, b_.generation_id);
  EXPECT_EQ(state(), "Stable");
  EXPECT_EQ(fixture_.synced(fixture_.sync(again)).assignment, "for b");
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone) << "the others notice nothing";
}

TEST_F(StaticMemberTest, TheOldIdIsFenced) {
  Client again = restarted(b_);
  again.enter(fixture_.joined(fixture_.join(again)));
  EXPECT_EQ(fixture_.heartbeat(b_), KafkaError::kFencedInstanceId);
  EXPECT_EQ(fixture_.synced(fixture_.sync(b_)).error, KafkaError::kFencedInstanceId);
  EXPECT_EQ(fixture_.joined(fixture_.join(b_)).error, KafkaError::kFencedInstanceId);
  EXPECT_EQ(fixture_.committed(fixture_.commit(b_, "t", 0, 1)), KafkaError::kFencedInstanceId);
  EXPECT_EQ(fixture_.leave(b_), KafkaError::kFencedInstanceId);
  b_.group_instance_id.reset();
  EXPECT_EQ(fixture_.heartbeat(b_), KafkaError::kUnknownMemberId) << "without its name it is nobody";
}

TEST_F(StaticMemberTest, TheNewIdIsStoredBeforeItIsToldOf) {
  fixture_.hold_appends();
  Client again = restarted(b_);
  const RequestId join = fixture_.join(again);
  EXPECT_TRUE(fixture_.is_waiting(join));
  fixture_.store();
  again.enter(fixture_.joined(join));
  const GroupMetadataValue stored = parse_group_metadata_value(*fixture_.log().back().value).value();
  ASSERT_THAT(stored.members, SizeIs(2));
  EXPECT_EQ(stored.members[1].member_id, again.member_id);
  EXPECT_EQ(stored.members[1].assignment.data, "for b");
}

TEST_F(StaticMemberTest, AnIdThatCannotBeStoredIsNotToldOf) {
  fixture_.hold_appends();
  const RequestId join = fixture_.join(restarted(b_));
  fixture_.store(KafkaError::kKafkaStorageError);
  EXPECT_EQ(fixture_.joined(join).error, KafkaError::kNotCoordinator);
  EXPECT_EQ(fixture_.joined(join).member_id, "");
  const RequestId next = fixture_.join(restarted(b_));
  fixture_.store();
  EXPECT_EQ(fixture_.joined(next).error, KafkaError::kNone);
}

TEST_F(StaticMemberTest, ARebalanceThatBeginsBeforeItIsStoredTakesItAlong) {
  fixture_.hold_appends();
  const RequestId join = fixture_.join(restarted(b_));
  fixture_.join(a_);
  EXPECT_EQ(fixture_.joined(join).generation_id, a_.generation_id + 1);
  fixture_.store(KafkaError::kKafkaStorageError);
  EXPECT_EQ(state(), "CompletingRebalance");
}

TEST_F(StaticMemberTest, ARebalanceThatIsNotOverWhenItIsStoredHasItsJoin) {
  fixture_.hold_appends();
  Client c{.client_id = "c"};
  const RequestId join = fixture_.join(restarted(b_));
  fixture_.join(c);
  fixture_.store(KafkaError::kKafkaStorageError);
  EXPECT_TRUE(fixture_.is_waiting(join));
  fixture_.join(a_);
  EXPECT_EQ(fixture_.joined(join).error, KafkaError::kNone);
}

TEST_F(StaticMemberTest, ALeaderThatRestartsIsToldThatNothingIsToBeAssigned) {
  Client again = restarted(a_);
  again.may_skip_assignment = true;
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(again));
  EXPECT_EQ(answer.leader, answer.member_id);
  EXPECT_TRUE(answer.skip_assignment);
  EXPECT_THAT(answer.members, SizeIs(2)) << "it watches their topics";
  Client follower = restarted(b_);
  follower.may_skip_assignment = true;
  EXPECT_FALSE(fixture_.joined(fixture_.join(follower)).skip_assignment);
}

TEST_F(StaticMemberTest, AnOlderLeaderThatRestartsDoesNotSeeThatItLeads) {
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(restarted(a_)));
  EXPECT_EQ(answer.leader, a_.member_id);
  EXPECT_NE(answer.member_id, a_.member_id);
  EXPECT_THAT(answer.members, IsEmpty());
  a_.enter(answer);
  EXPECT_TRUE(fixture_.is_waiting(fixture_.join(a_))) << "it leads all the same";
  EXPECT_EQ(state(), "PreparingRebalance");
}

TEST_F(StaticMemberTest, ARestartThatChangesTheProtocolIsARebalance) {
  Client c{.client_id = "c", .group_id = "h", .group_instance_id = "c", .protocols = {"range", "sticky"}};
  Client d{.client_id = "d", .group_id = "h", .group_instance_id = "d", .protocols = {"range", "sticky"}};
  fixture_.stabilize({&c, &d});
  Client again = restarted(d);
  again.protocols = {"sticky"};
  EXPECT_TRUE(fixture_.is_waiting(fixture_.join(again)));
  EXPECT_EQ(fixture_.joined(fixture_.join(c)).protocol_name, "sticky");
}

TEST_F(StaticMemberTest, WhileTheLeaderAssignsARestartIsARebalance) {
  const RequestId b_join = (b_.metadata = "changed", fixture_.join(b_));
  a_.enter(fixture_.joined(fixture_.join(a_)));
  b_.enter(fixture_.joined(b_join));
  const RequestId b_sync = fixture_.sync(b_);
  EXPECT_TRUE(fixture_.is_waiting(fixture_.join(restarted(b_))));
  EXPECT_EQ(fixture_.synced(b_sync).error, KafkaError::kFencedInstanceId) << "two processes with one name";
  EXPECT_EQ(state(), "PreparingRebalance");
}

TEST_F(StaticMemberTest, ARestartDuringARebalanceTakesTheOldOnesPlace) {
  const RequestId b_join = (b_.metadata = "changed", fixture_.join(b_));
  const RequestId again_join = fixture_.join(restarted(b_));
  EXPECT_EQ(fixture_.joined(b_join).error, KafkaError::kFencedInstanceId);
  EXPECT_EQ(fixture_.joined(b_join).member_id, b_.member_id);
  EXPECT_THAT(fixture_.joined(fixture_.join(a_)).members, SizeIs(2));
  EXPECT_EQ(fixture_.joined(again_join).error, KafkaError::kNone);
}

TEST_F(StaticMemberTest, AnAbsenceShorterThanTheSessionIsNoRebalance) {
  fixture_.advance(9'000);
  (void)fixture_.heartbeat(a_);
  Client again = restarted(b_);
  again.enter(fixture_.joined(fixture_.join(again)));
  fixture_.advance(9'000);
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone);
  EXPECT_EQ(state(), "Stable");
  fixture_.advance(1'000);
  EXPECT_EQ(state(), "PreparingRebalance") << "a longer one is";
}

TEST_F(StaticMemberTest, WhoIsAwayDuringARebalanceKeepsItsPlaceForItsSession) {
  for (Client* client : {&a_, &b_}) {
    client->session_timeout_ms = 200'000;
    client->metadata = "changed";
  }
  fixture_.stabilize({&a_, &b_});
  const RequestId a_join = fixture_.join(a_);
  fixture_.advance(60'000);
  const JoinGroupAnswer answer = fixture_.joined(a_join);
  EXPECT_EQ(answer.error, KafkaError::kNone);
  EXPECT_THAT(answer.members, SizeIs(2)) << "b is assigned its part";
}

TEST_F(StaticMemberTest, WhenOnlyAwayMembersAreLeftTheRebalanceWaitsForThem) {
  for (Client* client : {&a_, &b_}) {
    client->session_timeout_ms = 200'000;
    client->metadata = "changed";
  }
  Client c{.client_id = "c"};
  fixture_.stabilize({&a_, &b_, &c});
  EXPECT_EQ(fixture_.leave(c), KafkaError::kNone);
  fixture_.advance(130'000);  // the rebalance timeout, twice
  EXPECT_EQ(state(), "PreparingRebalance");
  fixture_.advance(70'000);
  EXPECT_EQ(state(), "Empty") << "until their sessions end";
}

TEST_F(StaticMemberTest, AwayMembersWithoutPatienceAreNotLookedForAllTheTime) {
  Client c{.client_id = "c", .group_id = "h", .group_instance_id = "c", .rebalance_timeout_ms = 0};
  Client d{.client_id = "d", .group_id = "h", .rebalance_timeout_ms = 0};
  fixture_.stabilize({&c, &d});
  EXPECT_EQ(fixture_.leave(d), KafkaError::kNone);
  fixture_.advance(1);
  EXPECT_GE(fixture_.coordinator().next_deadline_ms(), fixture_.now_ms() + 900);
}

TEST_F(StaticMemberTest, AnInstanceIsRemovedByItsName) {
  Client admin{.client_id = "admin", .group_instance_id = "two"};
  EXPECT_EQ(fixture_.leave(admin), KafkaError::kNone);
  EXPECT_EQ(fixture_.heartbeat(b_), KafkaError::kUnknownMemberId);
  EXPECT_EQ(fixture_.leave(admin), KafkaError::kUnknownMemberId);
}

TEST_F(StaticMemberTest, AnUnknownInstanceIsNobody) {
  Client stranger = a_;
  stranger.group_instance_id = "three";
  EXPECT_EQ(fixture_.heartbeat(stranger), KafkaError::kUnknownMemberId);
  EXPECT_EQ(fixture_.joined(fixture_.join(stranger)).error, KafkaError::kUnknownMemberId);
}

TEST_F(StaticMemberTest, AnIdThatIsOutIsNoInstances) {
  Client c{.client_id = "c", .requires_member_id = true};
  c.member_id = fixture_.joined(fixture_.join(c)).member_id;
  c.group_instance_id = "three";
  EXPECT_EQ(fixture_.joined(fixture_.join(c)).error, KafkaError::kUnknownMemberId);
}

}  // namespace
}  // namespace omashu::broker
