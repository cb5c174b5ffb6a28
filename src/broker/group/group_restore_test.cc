// A new process takes over where the last one was.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "broker/group/coordinator_records.h"
#include "broker/group/testing/coordinator_fixture.h"
#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

using testing::Client;
using testing::CoordinatorFixture;
using testing::from_hex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The last record of each key, in the order of the log, with or without the tombstones.
std::vector<CoordinatorRecord> compacted(const std::vector<CoordinatorRecord>& log, bool keeps_tombstones) {
  std::map<std::string, size_t> last;
  for (size_t i = 0; i < log.size(); ++i) last[log[i].key] = i;
  std::vector<CoordinatorRecord> kept;
  for (size_t i = 0; i < log.size(); ++i) {
    if (last[log[i].key] == i && (log[i].value || keeps_tombstones)) kept.push_back(log[i]);
  }
  return kept;
}

class GroupRestoreTest : public ::testing::Test {
 protected:
  std::string_view state() { return fixture_.coordinator().describe_group("g").state; }
  int64_t shown(std::string_view topic, int32_t partition) {
    const CommittedOffset* found = fixture_.coordinator().find_offset("g", topic, PartitionId{partition});
    return std::to_underlying(found != nullptr ? found->offset : kNoOffset);
  }

  CoordinatorFixture fixture_;
  Client a_{.client_id = "a", .metadata = "a's"};
  Client b_{.client_id = "b", .group_instance_id = "two", .metadata = "b's"};
};

TEST_F(GroupRestoreTest, MembersGoOnAsIfNothingHadHappened) {
  fixture_.stabilize({&b_, &a_});
  fixture_.commit(a_, "t", 0, 42);
  const GroupDescription before = fixture_.coordinator().describe_group("g");
  fixture_.restart();
  const GroupDescription after = fixture_.coordinator().describe_group("g");
  EXPECT_EQ(after.state, "Stable");
  EXPECT_EQ(after.protocol_name, "range");
  ASSERT_THAT(after.members, SizeIs(2));
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(after.members[i].member_id, before.members[i].member_id);
    EXPECT_EQ(after.members[i].group_instance_id, before.members[i].group_instance_id);
    EXPECT_EQ(after.members[i].client_id, before.members[i].client_id);
    EXPECT_EQ(after.members[i].client_host, before.members[i].client_host);
    EXPECT_EQ(after.members[i].metadata, before.members[i].metadata);
    EXPECT_EQ(after.members[i].assignment, before.members[i].assignment);
  }
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone);
  EXPECT_EQ(fixture_.heartbeat(b_), KafkaError::kNone);
  EXPECT_EQ(fixture_.synced(fixture_.sync(b_)).assignment, "for b");
  EXPECT_EQ(fixture_.committed(fixture_.commit(a_, "t", 0, 43)), KafkaError::kNone);
  EXPECT_EQ(shown("t", 0), 43);
  EXPECT_FALSE(fixture_.is_waiting(fixture_.join(a_)));
  EXPECT_TRUE(fixture_.is_waiting(fixture_.join(b_))) << "b still leads";
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).generation_id, a_.generation_id + 1);
}

TEST_F(GroupRestoreTest, WhoWaitsNeedsNoHeartbeatThenEither) {
  b_.session_timeout_ms = 100'000;
  fixture_.stabilize({&a_, &b_});
  fixture_.restart();
  const RequestId a_join = fixture_.join(a_);
  fixture_.advance(20'000);
  EXPECT_TRUE(fixture_.is_waiting(a_join));
}

TEST_F(GroupRestoreTest, SessionsBeginWithTheProcess) {
  fixture_.stabilize({&a_});
  fixture_.restart();
  fixture_.advance(9'999);
  EXPECT_EQ(state(), "Stable");
  fixture_.advance(1);
  EXPECT_EQ(state(), "Empty");
}

TEST_F(GroupRestoreTest, AnInstanceThatRestartsFindsItsPart) {
  fixture_.stabilize({&a_, &b_});
  fixture_.restart();
  b_.member_id = "";
  b_.enter(fixture_.joined(fixture_.join(b_)));
  EXPECT_EQ(fixture_.synced(fixture_.sync(b_)).assignment, "for b");
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone);
}

TEST_F(GroupRestoreTest, ARebalanceThatWasNotOverIsForgotten) {
  fixture_.stabilize({&a_, &b_});
  fixture_.join(a_);
  fixture_.restart();
  EXPECT_EQ(state(), "Stable");
  EXPECT_EQ(fixture_.heartbeat(b_), KafkaError::kNone);
}

TEST_F(GroupRestoreTest, WhatWasNotStoredIsNotThere) {
  fixture_.stabilize({&a_});
  fixture_.commit(a_, "t", 0, 1);
  fixture_.hold_appends();
  fixture_.commit(a_, "t", 0, 2);
  fixture_.restart();
  EXPECT_EQ(shown("t", 0), 1);
}

TEST_F(GroupRestoreTest, AnEmptyGroupKeepsItsGenerationAndItsOffsets) {
  fixture_.stabilize({&a_});
  fixture_.commit(a_, "t", 0, 5);
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  fixture_.restart();
  EXPECT_EQ(state(), "Empty");
  EXPECT_EQ(shown("t", 0), 5);
  Client next{.client_id = "n"};
  EXPECT_EQ(fixture_.joined(fixture_.join(next)).generation_id, a_.generation_id + 2);
}

TEST_F(GroupRestoreTest, RetentionCountsOverRestarts) {
  fixture_.stabilize({&a_});
  fixture_.commit(a_, "t", 0, 5);
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  for (int day = 0; day < 6; ++day) {
    fixture_.advance(24 * 60 * 60 * 1000);
    fixture_.restart();
  }
  EXPECT_EQ(shown("t", 0), 5);
  fixture_.advance(25 * 60 * 60 * 1000);
  EXPECT_EQ(shown("t", 0), -1);
}

TEST_F(GroupRestoreTest, DeletedGroupsAndOffsetsStayDeleted) {
  Client nobody{.client_id = "admin", .group_id = "h"};
  fixture_.commit(nobody, "t", 0, 1);
  nobody.group_id = "g";
  fixture_.commit(nobody, "t", 0, 1);
  fixture_.commit(nobody, "t", 1, 2);
  fixture_.delete_groups({"h"});
  fixture_.delete_offset("g", "t", 0);
  for (const bool keeps_tombstones : {true, false}) {
    fixture_.restart_from(compacted(fixture_.log(), keeps_tombstones));
    EXPECT_THAT(fixture_.coordinator().list_groups(), SizeIs(1));
    EXPECT_EQ(shown("t", 0), -1);
    EXPECT_EQ(shown("t", 1), 2);
  }
}

TEST_F(GroupRestoreTest, AGroupThatWasDeletedAndCameBackHasOnlyItsNewOffsets) {
  Client nobody{.client_id = "admin"};
  fixture_.commit(nobody, "t", 0, 1);
  fixture_.delete_groups({"g"});
  fixture_.commit(nobody, "t", 1, 2);
  fixture_.restart_from(compacted(fixture_.log(), true));
  EXPECT_EQ(shown("t", 0), -1);
  EXPECT_EQ(shown("t", 1), 2);
}

TEST_F(GroupRestoreTest, ATombstoneOfAGroupLeavesOffsetsThatHaveNone) {
  Client nobody{.client_id = "admin"};
  fixture_.commit(nobody, "t", 0, 1);
  std::vector<CoordinatorRecord> log = fixture_.log();
  log.push_back(group_metadata_tombstone("g"));
  log.push_back(group_metadata_tombstone("never seen"));
  log.push_back(offset_commit_tombstone({"never seen", "t", PartitionId{0}}));
  fixture_.restart_from(log);
  EXPECT_EQ(shown("t", 0), 1);
  EXPECT_THAT(fixture_.coordinator().list_groups(), SizeIs(1));
}

TEST_F(GroupRestoreTest, RecordsOfOtherBrokersAreRead) {
  fixture_.restart_from(
      {// A group and an offset in the oldest versions, and a group of KIP-848.
       {from_hex("0002 0001 67"),
        from_hex("0000 0008 636f6e73756d6572 00000005 0005 72616e6765 0003 612d31 00000001 0003 612d31 0002 6361 000a "
                 "2f3132372e302e302e31 0000afc8 00000002 0001 00000001 07")},
       {from_hex("0000 0001 67 0001 74 00000000"), from_hex("0000 0000000000000102 0000 0000018bcfe56800")},
       {from_hex("0003 0001 6b"), from_hex("0000 00000001 00")}});
  a_.member_id = "a-1";
  a_.generation_id = 5;
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone);
  EXPECT_EQ(shown("t", 0), 258);
  EXPECT_THAT(fixture_.coordinator().list_groups(), SizeIs(1));
  Client b{.client_id = "b", .rebalance_timeout_ms = 10'000};
  const RequestId b_join = fixture_.join(b);
  fixture_.advance(44'999);
  EXPECT_TRUE(fixture_.is_waiting(b_join)) << "the session timeout is the rebalance timeout of the oldest version";
  fixture_.advance(1);
  EXPECT_FALSE(fixture_.is_waiting(b_join));
}

TEST_F(GroupRestoreTest, ARecordThatIsNotUnderstoodChangesNothing) {
  fixture_.stabilize({&a_});
  GroupCoordinator& coordinator = fixture_.coordinator();
  const std::string group_key = group_metadata_tombstone("g").key;
  const std::string offset_key = offset_commit_tombstone({"g", "t", PartitionId{0}}).key;
  EXPECT_THAT(coordinator.restore("", std::nullopt).error().message, HasSubstr("version"));
  EXPECT_THAT(coordinator.restore(group_key, "").error().message, HasSubstr("group 'g'"));
  EXPECT_THAT(coordinator.restore(offset_key, from_hex("0009")).error().message, HasSubstr("group 'g'"));
  EXPECT_EQ(state(), "Stable");
  EXPECT_EQ(shown("t", 0), -1);
}

TEST_F(GroupRestoreTest, ALeaderThatIsNoMemberIsReplaced) {
  const GroupMetadataValue value{.protocol_type = "consumer",
                                 .generation = INT32_MAX,
                                 .protocol = "range",
                                 .leader = "gone",
                                 .members = {{.member_id = "a-1", .session_timeout_ms = 10'000}}};
  fixture_.restart_from({group_metadata_record("g", value)});
  a_.member_id = "a-1";
  a_.generation_id = INT32_MAX;
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone);
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(a_));
  EXPECT_EQ(answer.leader, "a-1");
  EXPECT_EQ(answer.generation_id, 1) << "generations begin anew after the last";
}

}  // namespace
}  // namespace omashu::broker
