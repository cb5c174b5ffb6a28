#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/group/coordinator_records.h"
#include "broker/group/testing/coordinator_scene.h"

namespace omashu::broker {
namespace {

using testing::Client;
using testing::CoordinatorScene;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class GroupSyncTest : public ::testing::Test {
 protected:
  // a leads, b follows; both have joined, nobody has synced.
  void SetUp() override {
    a_.enter(scene_.joined(scene_.join(a_)));
    const RequestId b_join = scene_.join(b_);
    a_.enter(scene_.joined(scene_.join(a_)));
    b_.enter(scene_.joined(b_join));
  }

  std::map<std::string, std::string> assignments() const {
    return {{a_.member_id, "a's part"}, {b_.member_id, "b's part"}};
  }
  std::string_view state() { return scene_.coordinator().describe_group("g").state; }

  CoordinatorScene scene_;
  Client a_{.client_id = "a", .metadata = "a's"};
  Client b_{.client_id = "b", .metadata = "b's"};
};

TEST_F(GroupSyncTest, AFollowerWaitsForTheLeader) {
  const RequestId b_sync = scene_.sync(b_);
  EXPECT_TRUE(scene_.is_waiting(b_sync));
  const SyncGroupAnswer a_answer = scene_.synced(scene_.sync(a_, assignments()));
  EXPECT_EQ(a_answer.error, KafkaError::kNone);
  EXPECT_EQ(a_answer.assignment, "a's part");
  EXPECT_EQ(a_answer.protocol_type, "consumer");
  EXPECT_EQ(a_answer.protocol_name, "range");
  EXPECT_EQ(scene_.synced(b_sync).assignment, "b's part");
  EXPECT_EQ(state(), "Stable");
}

TEST_F(GroupSyncTest, AFollowerMayComeLater) {
  scene_.sync(a_, assignments());
  EXPECT_EQ(scene_.synced(scene_.sync(b_)).assignment, "b's part");
  EXPECT_EQ(scene_.synced(scene_.sync(b_)).assignment, "b's part") << "and again";
}

TEST_F(GroupSyncTest, NobodyIsAnsweredBeforeTheAssignmentsAreStored) {
  scene_.hold_appends();
  const RequestId a_sync = scene_.sync(a_, assignments());
  const RequestId b_sync = scene_.sync(b_);
  EXPECT_TRUE(scene_.is_waiting(a_sync));
  EXPECT_TRUE(scene_.is_waiting(b_sync));
  EXPECT_EQ(state(), "CompletingRebalance");
  scene_.store();
  EXPECT_EQ(scene_.synced(a_sync).assignment, "a's part");
  EXPECT_EQ(scene_.synced(b_sync).assignment, "b's part");
  const CoordinatorRecord& record = scene_.log().back();
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
    scene_.hold_appends();
    const RequestId a_sync = scene_.sync(a_, assignments());
    const RequestId b_sync = scene_.sync(b_);
    scene_.store(error);
    EXPECT_EQ(scene_.synced(a_sync).error, expected);
    EXPECT_EQ(scene_.synced(b_sync).error, expected);
    EXPECT_EQ(scene_.synced(b_sync).assignment, "");
    EXPECT_EQ(state(), "PreparingRebalance");
    const RequestId b_join = scene_.join(b_);
    a_.enter(scene_.joined(scene_.join(a_)));
    b_.enter(scene_.joined(b_join));
  }
}

TEST_F(GroupSyncTest, EveryMemberGetsExactlyItsOwn) {
  scene_.sync(a_, {{b_.member_id, "b's part"}, {"a stranger", "what?"}});
  EXPECT_EQ(scene_.synced(scene_.sync(b_)).assignment, "b's part");
  EXPECT_EQ(scene_.synced(scene_.sync(a_)).assignment, "") << "nothing for whom the leader forgot";
}

TEST_F(GroupSyncTest, WhatAFollowerAssignsIsNotHeard) {
  const RequestId b_sync = scene_.sync(b_, {{b_.member_id, "everything"}});
  scene_.sync(a_, assignments());
  EXPECT_EQ(scene_.synced(b_sync).assignment, "b's part");
}

TEST_F(GroupSyncTest, TheLeaderMayAskAgainWhileItsAssignmentsAreStored) {
  scene_.hold_appends();
  const RequestId first = scene_.sync(a_, assignments());
  const RequestId second = scene_.sync(a_, {{a_.member_id, "another part"}});
  EXPECT_EQ(scene_.synced(first).error, KafkaError::kRebalanceInProgress);
  scene_.store();
  EXPECT_EQ(scene_.synced(second).assignment, "another part") << "as the last record says";
}

TEST_F(GroupSyncTest, AssignmentsOfAGenerationThatIsOverAreDropped) {
  scene_.hold_appends();
  const RequestId a_sync = scene_.sync(a_, assignments());
  Client c{.client_id = "c"};
  const RequestId c_join = scene_.join(c);
  EXPECT_EQ(scene_.synced(a_sync).error, KafkaError::kRebalanceInProgress);
  scene_.store();
  EXPECT_EQ(state(), "PreparingRebalance");
  scene_.join(b_);
  a_.enter(scene_.joined(scene_.join(a_)));
  c.enter(scene_.joined(c_join));
  EXPECT_EQ(state(), "CompletingRebalance");
  EXPECT_TRUE(scene_.is_waiting(scene_.sync(c)));
}

TEST_F(GroupSyncTest, AnAppendOfADeletedGroupMeansNothingToItsSuccessor) {
  scene_.hold_appends();
  scene_.sync(a_, {});
  EXPECT_EQ(scene_.leave(a_), KafkaError::kNone);
  EXPECT_EQ(scene_.leave(b_), KafkaError::kNone);
  scene_.delete_groups({"g"});
  Client c{.client_id = "c"};
  c.enter(scene_.joined(scene_.join(c)));
  Client d{.client_id = "d"};
  const RequestId d_join = scene_.join(d);
  c.enter(scene_.joined(scene_.join(c)));
  d.enter(scene_.joined(d_join));
  ASSERT_EQ(c.generation_id, a_.generation_id);
  scene_.store();
  EXPECT_EQ(state(), "CompletingRebalance");
}

TEST_F(GroupSyncTest, RefusesWhoIsNotOfThisGeneration) {
  Client stranger = a_;
  stranger.member_id = "stranger";
  EXPECT_EQ(scene_.synced(scene_.sync(stranger)).error, KafkaError::kUnknownMemberId);
  Client late = a_;
  late.generation_id = 1;
  EXPECT_EQ(scene_.synced(scene_.sync(late)).error, KafkaError::kIllegalGeneration);
  Client other = a_;
  other.protocol_type = "connect";
  EXPECT_EQ(scene_.synced(scene_.sync(other)).error, KafkaError::kInconsistentGroupProtocol);
  Client lost = a_;
  lost.group_id = "no such group";
  EXPECT_EQ(scene_.synced(scene_.sync(lost)).error, KafkaError::kUnknownMemberId);
  lost.group_id = "";
  EXPECT_EQ(scene_.synced(scene_.sync(lost)).error, KafkaError::kInvalidGroupId);
  scene_.sync(a_, assignments());
  scene_.join(a_);
  EXPECT_EQ(scene_.synced(scene_.sync(b_)).error, KafkaError::kRebalanceInProgress);
}

TEST_F(GroupSyncTest, ALeaderThatNeverSyncsIsGivenUp) {
  const RequestId b_sync = scene_.sync(b_);
  for (int i = 0; i < 6; ++i) {
    scene_.advance(9'999);
    EXPECT_EQ(scene_.heartbeat(a_), KafkaError::kNone);
  }
  EXPECT_TRUE(scene_.is_waiting(b_sync));
  scene_.advance(6);
  EXPECT_EQ(scene_.synced(b_sync).error, KafkaError::kRebalanceInProgress);
  EXPECT_EQ(scene_.heartbeat(a_), KafkaError::kUnknownMemberId);
  EXPECT_EQ(scene_.joined(scene_.join(b_)).leader, b_.member_id);
}

TEST_F(GroupSyncTest, AFollowerThatNeverSyncsIsGivenUpToo) {
  scene_.sync(a_, assignments());
  for (int i = 0; i < 6; ++i) {
    scene_.advance(9'999);
    (void)scene_.heartbeat(a_);
    (void)scene_.heartbeat(b_);
  }
  EXPECT_EQ(state(), "Stable");
  scene_.advance(6);
  EXPECT_EQ(state(), "PreparingRebalance");
  EXPECT_EQ(scene_.heartbeat(b_), KafkaError::kUnknownMemberId);
  EXPECT_EQ(scene_.heartbeat(a_), KafkaError::kRebalanceInProgress);
}

TEST_F(GroupSyncTest, WhatWasOwedToAGenerationThatIsOverIsOwedNoMore) {
  scene_.advance(5'000);
  Client c{.client_id = "c"};
  const RequestId c_join = scene_.join(c);  // until after the time that a and b had for their syncs
  (void)scene_.heartbeat(a_);
  (void)scene_.heartbeat(b_);
  for (int i = 0; i < 6; ++i) {
    scene_.advance(9'500);
    EXPECT_EQ(scene_.heartbeat(a_), KafkaError::kRebalanceInProgress);
    EXPECT_EQ(scene_.heartbeat(b_), KafkaError::kRebalanceInProgress);
  }
  scene_.join(a_);
  scene_.join(b_);
  EXPECT_EQ(scene_.joined(c_join).error, KafkaError::kNone);
}

TEST_F(GroupSyncTest, OnceAllHaveSyncedNobodyIsGivenUp) {
  scene_.sync(a_, assignments());
  scene_.sync(b_);
  for (int i = 0; i < 10; ++i) {
    scene_.advance(9'999);
    (void)scene_.heartbeat(a_);
    (void)scene_.heartbeat(b_);
  }
  EXPECT_EQ(state(), "Stable");
}

}  // namespace
}  // namespace omashu::broker
