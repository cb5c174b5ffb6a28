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

class GroupSyncTest : public ::testing::Test {
 protected:
  // a leads, b follows; both have joined, nobody has synced.
  void SetUp() override {
    a_.enter(fixture_.joined(fixture_.join(a_)));
    const RequestId b_join = fixture_.join(b_);
    a_.enter(fixture_.joined(fixture_.join(a_)));
    b_.enter(fixture_.joined(b_join));
  }

  std::map<std::string, std::string> assignments() const {
    return {{a_.member_id, "a's part"}, {b_.member_id, "b's part"}};
  }
  std::string_view state() { return fixture_.coordinator().describe_group("g").state; }

  CoordinatorFixture fixture_;
  Client a_{.client_id = "a", .metadata = "a's"};
  Client b_{.client_id = "b", .metadata = "b's"};
};

TEST_F(GroupSyncTest, AFollowerWaitsForTheLeader) {
  const RequestId b_sync = fixture_.sync(b_);
  EXPECT_TRUE(fixture_.is_waiting(b_sync));
  const SyncGroupAnswer a_answer = fixture_.synced(fixture_.sync(a_, assignments()));
  EXPECT_EQ(a_answer.error, KafkaError::kNone);
  EXPECT_EQ(a_answer.assignment, "a's part");
  EXPECT_EQ(a_answer.protocol_type, "consumer");
  EXPECT_EQ(a_answer.protocol_name, "range");
  EXPECT_EQ(fixture_.synced(b_sync).assignment, "b's part");
  EXPECT_EQ(state(), "Stable");
}

TEST_F(GroupSyncTest, AFollowerMayComeLater) {
  fixture_.sync(a_, assignments());
  EXPECT_EQ(fixture_.synced(fixture_.sync(b_)).assignment, "b's part");
  EXPECT_EQ(fixture_.synced(fixture_.sync(b_)).assignment, "b's part") << "and again";
}

TEST_F(GroupSyncTest, NobodyIsAnsweredBeforeTheAssignmentsAreStored) {
  fixture_.hold_appends();
  const RequestId a_sync = fixture_.sync(a_, assignments());
  const RequestId b_sync = fixture_.sync(b_);
  EXPECT_TRUE(fixture_.is_waiting(a_sync));
  EXPECT_TRUE(fixture_.is_waiting(b_sync));
  EXPECT_EQ(state(), "CompletingRebalance");
  fixture_.store();
  EXPECT_EQ(fixture_.synced(a_sync).assignment, "a's part");
  EXPECT_EQ(fixture_.synced(b_sync).assignment, "b's part");
  const CoordinatorRecord& record = fixture_.log().back();
  const GroupMetadataValue stored = parse_group_metadata_value(*record.value).value();
  EXPECT_EQ(stored.generation, 2);
  EXPECT_EQ(stored.leader, a_.member_id);
  ASSERT_THAT(stored.members, SizeIs(2));
  EXPECT_EQ(stored.members[1].client_id, "b");
  EXPECT_EQ(stored.members[1].subscription.data, "b's");
  EXPECT_EQ(stored.members[1].assignment.data, "b's part");
}

TEST_F(GroupSyncTest, AssignmentsThatCannotBeStoredAreNotGivenOut) {
  for (const auto& [error, expected] : {std::pair(KafkaError::kKafkaStorageError, KafkaError::kNotCoordinator),
                                        std::pair(KafkaError::kMessageTooLarge, KafkaError::kUnknownServerError),
                                        std::pair(KafkaError::kRequestTimedOut, KafkaError::kCoordinatorNotAvailable),
                                        std::pair(KafkaError::kInvalidRecord, KafkaError::kInvalidRecord)}) {
    fixture_.hold_appends();
    const RequestId a_sync = fixture_.sync(a_, assignments());
    const RequestId b_sync = fixture_.sync(b_);
    fixture_.store(error);
    EXPECT_EQ(fixture_.synced(a_sync).error, expected);
    EXPECT_EQ(fixture_.synced(b_sync).error, expected);
    EXPECT_EQ(fixture_.synced(b_sync).assignment, "");
    EXPECT_EQ(state(), "PreparingRebalance");
    const RequestId b_join = fixture_.join(b_);
    a_.enter(fixture_.joined(fixture_.join(a_)));
    b_.enter(fixture_.joined(b_join));
  }
}

TEST_F(GroupSyncTest, EveryMemberGetsExactlyItsOwn) {
  fixture_.sync(a_, {{b_.member_id, "b's part"}, {"a stranger", "what?"}});
  EXPECT_EQ(fixture_.synced(fixture_.sync(b_)).assignment, "b's part");
  EXPECT_EQ(fixture_.synced(fixture_.sync(a_)).assignment, "") << "nothing for whom the leader forgot";
}

TEST_F(GroupSyncTest, WhatAFollowerAssignsIsNotHeard) {
  const RequestId b_sync = fixture_.sync(b_, {{b_.member_id, "everything"}});
  fixture_.sync(a_, assignments());
  EXPECT_EQ(fixture_.synced(b_sync).assignment, "b's part");
}

TEST_F(GroupSyncTest, TheLeaderMayAskAgainWhileItsAssignmentsAreStored) {
  fixture_.hold_appends();
  const RequestId first = fixture_.sync(a_, assignments());
  const RequestId second = fixture_.sync(a_, {{a_.member_id, "another part"}});
  EXPECT_EQ(fixture_.synced(first).error, KafkaError::kRebalanceInProgress);
  fixture_.store();
  EXPECT_EQ(fixture_.synced(second).assignment, "another part") << "as the last record says";
}

TEST_F(GroupSyncTest, AssignmentsOfAGenerationThatIsOverAreDropped) {
  fixture_.hold_appends();
  const RequestId a_sync = fixture_.sync(a_, assignments());
  Client c{.client_id = "c"};
  const RequestId c_join = fixture_.join(c);
  EXPECT_EQ(fixture_.synced(a_sync).error, KafkaError::kRebalanceInProgress);
  fixture_.store();
  EXPECT_EQ(state(), "PreparingRebalance");
  fixture_.join(b_);
  a_.enter(fixture_.joined(fixture_.join(a_)));
  c.enter(fixture_.joined(c_join));
  EXPECT_EQ(state(), "CompletingRebalance");
  EXPECT_TRUE(fixture_.is_waiting(fixture_.sync(c)));
}

TEST_F(GroupSyncTest, AnAppendOfADeletedGroupMeansNothingToItsSuccessor) {
  fixture_.hold_appends();
  fixture_.sync(a_, {});
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  EXPECT_EQ(fixture_.leave(b_), KafkaError::kNone);
  fixture_.delete_groups({"g"});
  Client c{.client_id = "c"};
  c.enter(fixture_.joined(fixture_.join(c)));
  Client d{.client_id = "d"};
  const RequestId d_join = fixture_.join(d);
  c.enter(fixture_.joined(fixture_.join(c)));
  d.enter(fixture_.joined(d_join));
  ASSERT_EQ(c.generation_id, a_.generation_id);
  fixture_.store();
  EXPECT_EQ(state(), "CompletingRebalance");
}

TEST_F(GroupSyncTest, RefusesWhoIsNotOfThisGeneration) {
  Client stranger = a_;
  stranger.member_id = "stranger";
  EXPECT_EQ(fixture_.synced(fixture_.sync(stranger)).error, KafkaError::kUnknownMemberId);
  Client late = a_;
  late.generation_id = 1;
  EXPECT_EQ(fixture_.synced(fixture_.sync(late)).error, KafkaError::kIllegalGeneration);
  Client other = a_;
  other.protocol_type = "connect";
  EXPECT_EQ(fixture_.synced(fixture_.sync(other)).error, KafkaError::kInconsistentGroupProtocol);
  Client lost = a_;
  lost.group_id = "no such group";
  EXPECT_EQ(fixture_.synced(fixture_.sync(lost)).error, KafkaError::kUnknownMemberId);
  lost.group_id = "";
  EXPECT_EQ(fixture_.synced(fixture_.sync(lost)).error, KafkaError::kInvalidGroupId);
  fixture_.sync(a_, assignments());
  fixture_.join(a_);
  EXPECT_EQ(fixture_.synced(fixture_.sync(b_)).error, KafkaError::kRebalanceInProgress);
}

TEST_F(GroupSyncTest, ALeaderThatNeverSyncsIsGivenUp) {
  const RequestId b_sync = fixture_.sync(b_);
  for (int i = 0; i < 6; ++i) {
    fixture_.advance(9'999);
    EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone);
  }
  EXPECT_TRUE(fixture_.is_waiting(b_sync));
  fixture_.advance(6);
  EXPECT_EQ(fixture_.synced(b_sync).error, KafkaError::kRebalanceInProgress);
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kUnknownMemberId);
  EXPECT_EQ(fixture_.joined(fixture_.join(b_)).leader, b_.member_id);
}

TEST_F(GroupSyncTest, AFollowerThatNeverSyncsIsGivenUpToo) {
  fixture_.sync(a_, assignments());
  for (int i = 0; i < 6; ++i) {
    fixture_.advance(9'999);
    (void)fixture_.heartbeat(a_);
    (void)fixture_.heartbeat(b_);
  }
  EXPECT_EQ(state(), "Stable");
  fixture_.advance(6);
  EXPECT_EQ(state(), "PreparingRebalance");
  EXPECT_EQ(fixture_.heartbeat(b_), KafkaError::kUnknownMemberId);
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kRebalanceInProgress);
}

TEST_F(GroupSyncTest, WhatWasOwedToAGenerationThatIsOverIsOwedNoMore) {
  fixture_.advance(5'000);
  Client c{.client_id = "c"};
  const RequestId c_join = fixture_.join(c);  // until after the time that a and b had for their syncs
  (void)fixture_.heartbeat(a_);
  (void)fixture_.heartbeat(b_);
  for (int i = 0; i < 6; ++i) {
    fixture_.advance(9'500);
    EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kRebalanceInProgress);
    EXPECT_EQ(fixture_.heartbeat(b_), KafkaError::kRebalanceInProgress);
  }
  fixture_.join(a_);
  fixture_.join(b_);
  EXPECT_EQ(fixture_.joined(c_join).error, KafkaError::kNone);
}

TEST_F(GroupSyncTest, OnceAllHaveSyncedNobodyIsGivenUp) {
  fixture_.sync(a_, assignments());
  fixture_.sync(b_);
  for (int i = 0; i < 10; ++i) {
    fixture_.advance(9'999);
    (void)fixture_.heartbeat(a_);
    (void)fixture_.heartbeat(b_);
  }
  EXPECT_EQ(state(), "Stable");
}

}  // namespace
}  // namespace omashu::broker
