// Listing, describing and deleting groups.

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

class GroupAdminTest : public ::testing::Test {
 protected:
  std::vector<KafkaError> deleted(RequestId request) {
    std::vector<KafkaError> errors;
    for (const auto& group : fixture_.answer<DeleteGroupsAnswer>(request).groups) errors.push_back(group.error);
    return errors;
  }

  CoordinatorFixture fixture_;
  Client nobody_{.client_id = "admin"};
  Client a_{.client_id = "a", .metadata = "a's"};
};

TEST_F(GroupAdminTest, AStableGroupIsDescribedWhole) {
  a_.group_instance_id = "one";
  fixture_.stabilize({&a_});
  const GroupDescription description = fixture_.coordinator().describe_group("g");
  EXPECT_EQ(description.state, "Stable");
  EXPECT_EQ(description.protocol_type, "consumer");
  EXPECT_EQ(description.protocol_name, "range");
  ASSERT_THAT(description.members, SizeIs(1));
  const GroupDescription::Member& member = description.members[0];
  EXPECT_EQ(member.member_id, a_.member_id);
  EXPECT_EQ(member.group_instance_id, "one");
  EXPECT_EQ(member.client_id, "a");
  EXPECT_EQ(member.client_host, "/127.0.0.1");
  EXPECT_EQ(member.metadata, "a's");
  EXPECT_EQ(member.assignment, "for a");
}

TEST_F(GroupAdminTest, ARebalancingGroupHasNoProtocol) {
  fixture_.join(a_);
  const GroupDescription description = fixture_.coordinator().describe_group("g");
  EXPECT_EQ(description.state, "CompletingRebalance");
  EXPECT_EQ(description.protocol_type, "consumer");
  EXPECT_EQ(description.protocol_name, "");
  ASSERT_THAT(description.members, SizeIs(1));
  EXPECT_EQ(description.members[0].metadata, "");
}

TEST_F(GroupAdminTest, AGroupThatIsNotThereIsDead) {
  const GroupDescription description = fixture_.coordinator().describe_group("g");
  EXPECT_EQ(description.state, "Dead");
  EXPECT_THAT(description.members, IsEmpty());
}

TEST_F(GroupAdminTest, ListsByName) {
  fixture_.stabilize({&a_});
  nobody_.group_id = "f";
  fixture_.commit(nobody_, "t", 0, 1);
  const auto listings = fixture_.coordinator().list_groups();
  ASSERT_THAT(listings, SizeIs(2));
  EXPECT_EQ(listings[0].group_id, "f");
  EXPECT_EQ(listings[0].protocol_type, "");
  EXPECT_EQ(listings[0].state, GroupState::kEmpty);
  EXPECT_EQ(listings[1].group_id, "g");
  EXPECT_EQ(listings[1].protocol_type, "consumer");
  EXPECT_EQ(listings[1].state, GroupState::kStable);
}

TEST_F(GroupAdminTest, DeletesEmptyGroupsWithTheirOffsets) {
  fixture_.stabilize({&a_});
  fixture_.commit(a_, "t", 0, 1);
  fixture_.commit(a_, "t", 1, 1);
  EXPECT_THAT(deleted(fixture_.delete_groups({"g"})), ::testing::ElementsAre(KafkaError::kNonEmptyGroup));
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  fixture_.hold_appends();
  const RequestId request = fixture_.delete_groups({"g", "no such group"});
  EXPECT_TRUE(fixture_.is_waiting(request));
  fixture_.store();
  EXPECT_THAT(deleted(request), ::testing::ElementsAre(KafkaError::kNone, KafkaError::kGroupIdNotFound));
  EXPECT_THAT(fixture_.coordinator().list_groups(), IsEmpty());
  const std::vector<CoordinatorRecord> tombstones(fixture_.log().end() - 3, fixture_.log().end());
  for (const CoordinatorRecord& tombstone : tombstones) EXPECT_EQ(tombstone.value, std::nullopt);
  EXPECT_EQ(tombstones[0].key, offset_commit_tombstone({"g", "t", PartitionId{0}}).key);
  EXPECT_EQ(tombstones[1].key, offset_commit_tombstone({"g", "t", PartitionId{1}}).key);
  EXPECT_EQ(tombstones[2].key, group_metadata_tombstone("g").key);
}

TEST_F(GroupAdminTest, SaysWhenADeletionCouldNotBeStored) {
  fixture_.commit(nobody_, "t", 0, 1);
  fixture_.hold_appends();
  const RequestId request = fixture_.delete_groups({"g", "no such group"});
  fixture_.store(KafkaError::kKafkaStorageError);
  EXPECT_THAT(deleted(request), ::testing::ElementsAre(KafkaError::kNotCoordinator, KafkaError::kGroupIdNotFound));
}

TEST_F(GroupAdminTest, ACommitOnItsWayIsDeletedWithItsGroup) {
  fixture_.hold_appends();
  const RequestId commit = fixture_.commit(nobody_, "t", 0, 1);
  fixture_.delete_groups({"g"});
  fixture_.store();
  EXPECT_EQ(fixture_.committed(commit), KafkaError::kNone) << "it came before";
  EXPECT_EQ(fixture_.coordinator().find_offset("g", "t", PartitionId{0}), nullptr);
  fixture_.restart();
  EXPECT_EQ(fixture_.coordinator().find_offset("g", "t", PartitionId{0}), nullptr) << "and its tombstone is in the log";
}

TEST_F(GroupAdminTest, AGroupIsThereForAsLongAsAnIdOfItIsOut) {
  a_.requires_member_id = true;
  a_.session_timeout_ms = 700'000;
  a_.member_id = fixture_.joined(fixture_.join(a_)).member_id;
  fixture_.advance(650'000);
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).error, KafkaError::kNone);
}

TEST_F(GroupAdminTest, AGroupThatNobodyCameBackToIsForgotten) {
  a_.requires_member_id = true;
  fixture_.join(a_);
  EXPECT_THAT(fixture_.coordinator().list_groups(), SizeIs(1));
  fixture_.advance(1'200'000);
  EXPECT_THAT(fixture_.coordinator().list_groups(), IsEmpty());
}

}  // namespace
}  // namespace omashu::broker
