// Committing, finding, deleting and expiring offsets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/group/coordinator_records.h"
#include "broker/group/testing/coordinator_fixture.h"
#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

using testing::Client;
using testing::CoordinatorFixture;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kDayMs = 24 * 60 * 60 * 1000;

class GroupOffsetsTest : public ::testing::Test {
 protected:
  int64_t shown(std::string_view group_id, std::string_view topic, int32_t partition) {
    const CommittedOffset* found = fixture_.coordinator().find_offset(group_id, topic, PartitionId{partition});
    return std::to_underlying(found != nullptr ? found->offset : kNoOffset);
  }
  KafkaError deleted_offset(const std::string& group_id, const std::string& topic) {
    const auto answer = fixture_.answer<DeleteOffsetsAnswer>(fixture_.delete_offset(group_id, topic, 0));
    return answer.error != KafkaError::kNone ? answer.error : answer.topics.at(0).partitions.at(0).error;
  }
  std::string key_of(std::string_view topic, int32_t partition, std::string_view group_id = "g") {
    return offset_commit_tombstone({group_id, topic, PartitionId{partition}}).key;
  }
  bool has_tombstone(const std::string& key) {
    bool found = false;
    for (const CoordinatorRecord& record : fixture_.log()) {
      if (record.key == key) found = !record.value;
    }
    return found;
  }

  CoordinatorFixture fixture_;
  Client nobody_{.client_id = "admin"};
  Client a_{.client_id = "a"};
  Client b_{.client_id = "b"};
};

TEST_F(GroupOffsetsTest, WhoIsInNoGroupCommitsToAnEmptyOne) {
  EXPECT_EQ(shown("g", "t", 0), -1);
  EXPECT_EQ(fixture_.coordinator().find_offsets("g"), nullptr);
  EXPECT_EQ(fixture_.committed(fixture_.commit(nobody_, "t", 0, 10)), KafkaError::kNone);
  EXPECT_EQ(shown("g", "t", 0), 10);
  EXPECT_EQ(shown("g", "t", 1), -1);
  EXPECT_EQ(fixture_.coordinator().describe_group("g").state, "Empty");
  nobody_.group_id = "";
  EXPECT_EQ(fixture_.committed(fixture_.commit(nobody_, "t", 0, 11)), KafkaError::kNone) << "as old clients do";
  EXPECT_EQ(shown("", "t", 0), 11);
}

TEST_F(GroupOffsetsTest, WhatWasCommittedComesBackWhole) {
  const RequestId request = fixture_.commit(
      {.group_id = "g",
       .topics = {
           {"t", {{.partition = PartitionId{3}, .offset = Offset{258}, .leader_epoch = 7, .metadata = "note"}}}}});
  EXPECT_EQ(fixture_.committed(request), KafkaError::kNone);
  const CommittedOffset expected{
      .offset = Offset{258}, .leader_epoch = 7, .metadata = "note", .commit_timestamp_ms = fixture_.now_ms()};
  EXPECT_EQ(*fixture_.coordinator().find_offset("g", "t", PartitionId{3}), expected);
  EXPECT_THAT(*fixture_.coordinator().find_offsets("g"), SizeIs(1));
  ASSERT_THAT(fixture_.log(), SizeIs(1));
  EXPECT_EQ(fixture_.log()[0].key, testing::from_hex("0001 0001 67 0001 74 00000003"));
  EXPECT_EQ(parse_offset_commit_value(*fixture_.log()[0].value).value().metadata, "note");
}

TEST_F(GroupOffsetsTest, ACommitIsAnsweredAndShownWhenItIsStored) {
  fixture_.hold_appends();
  const RequestId request = fixture_.commit(nobody_, "t", 0, 10);
  EXPECT_TRUE(fixture_.is_waiting(request));
  EXPECT_EQ(shown("g", "t", 0), -1);
  fixture_.store();
  EXPECT_EQ(fixture_.committed(request), KafkaError::kNone);
  EXPECT_EQ(shown("g", "t", 0), 10);
}

TEST_F(GroupOffsetsTest, ACommitThatCannotBeStoredHasNotHappened) {
  fixture_.commit(nobody_, "t", 0, 10);
  fixture_.hold_appends();
  const RequestId request = fixture_.commit(nobody_, "t", 0, 20);
  fixture_.store(KafkaError::kKafkaStorageError);
  EXPECT_EQ(fixture_.committed(request), KafkaError::kNotCoordinator);
  EXPECT_EQ(shown("g", "t", 0), 10);
}

TEST_F(GroupOffsetsTest, MembersCommitForTheirGeneration) {
  fixture_.stabilize({&a_, &b_});
  EXPECT_EQ(fixture_.committed(fixture_.commit(a_, "t", 0, 1)), KafkaError::kNone);
  Client late = a_;
  --late.generation_id;
  EXPECT_EQ(fixture_.committed(fixture_.commit(late, "t", 0, 2)), KafkaError::kIllegalGeneration);
  Client stranger = a_;
  stranger.member_id = "stranger";
  EXPECT_EQ(fixture_.committed(fixture_.commit(stranger, "t", 0, 2)), KafkaError::kUnknownMemberId);
  EXPECT_EQ(fixture_.committed(fixture_.commit(nobody_, "t", 0, 2)), KafkaError::kUnknownMemberId) << "in use";
  a_.group_id = "no such group";
  EXPECT_EQ(fixture_.committed(fixture_.commit(a_, "t", 0, 2)), KafkaError::kGroupIdNotFound);
  EXPECT_EQ(shown("g", "t", 0), 1);
  EXPECT_THAT(fixture_.coordinator().list_groups(), SizeIs(1));
}

TEST_F(GroupOffsetsTest, DuringARebalanceOnlyTheOldGenerationCommits) {
  fixture_.stabilize({&a_, &b_});
  const RequestId a_join = fixture_.join(a_);
  EXPECT_EQ(fixture_.committed(fixture_.commit(b_, "t", 0, 1)), KafkaError::kNone) << "what it is about to give away";
  b_.enter(fixture_.joined(fixture_.join(b_)));
  a_.enter(fixture_.joined(a_join));
  EXPECT_EQ(fixture_.committed(fixture_.commit(b_, "t", 0, 2)), KafkaError::kRebalanceInProgress);
}

TEST_F(GroupOffsetsTest, EachPartitionIsJudgedByItself) {
  const std::string largest(4'096, 'x');
  const std::string too_large(4'097, 'x');
  const auto answer = fixture_.answer<CommitOffsetsAnswer>(fixture_.commit(
      {.group_id = "g",
       .topics = {
           {"t",
            {{.partition = PartitionId{0}, .offset = Offset{1}, .metadata = largest},
             {.partition = PartitionId{1}, .offset = Offset{1}, .metadata = too_large}}},
           {"gone",
            {{.partition = PartitionId{0}, .offset = Offset{1}, .error = KafkaError::kUnknownTopicOrPartition}}}}}));
  ASSERT_THAT(answer.topics, SizeIs(2));
  EXPECT_EQ(answer.topics[0].partitions[0].error, KafkaError::kNone);
  EXPECT_EQ(answer.topics[0].partitions[1].error, KafkaError::kOffsetMetadataTooLarge);
  EXPECT_EQ(answer.topics[1].name, "gone");
  EXPECT_EQ(answer.topics[1].partitions[0].error, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(shown("g", "t", 0), 1);
  EXPECT_EQ(shown("g", "t", 1), -1);
  EXPECT_EQ(shown("g", "gone", 0), -1);
}

TEST_F(GroupOffsetsTest, MetadataIsCountedInCharactersAsJavaDoes) {
  const auto commit = [&](const std::string& character, int count) {
    std::string metadata;
    for (int i = 0; i < count; ++i) metadata += character;
    return fixture_.committed(fixture_.commit(
        {.group_id = "g",
         .topics = {{"t", {{.partition = PartitionId{0}, .offset = Offset{1}, .metadata = metadata}}}}}));
  };
  EXPECT_EQ(commit("ü", 4'096), KafkaError::kNone);
  EXPECT_EQ(commit("ü", 4'097), KafkaError::kOffsetMetadataTooLarge);
  EXPECT_EQ(commit("🙂", 2'048), KafkaError::kNone);
  EXPECT_EQ(commit("🙂", 2'049), KafkaError::kOffsetMetadataTooLarge);
  EXPECT_EQ(commit("\xff", 4'097), KafkaError::kOffsetMetadataTooLarge) << "not UTF-8: a character for each byte";
}

TEST_F(GroupOffsetsTest, ACommitOfNothingIsAnswered) {
  EXPECT_THAT(fixture_.answer<CommitOffsetsAnswer>(fixture_.commit({.group_id = "g"})).topics, IsEmpty());
  EXPECT_THAT(fixture_.coordinator().list_groups(), IsEmpty());
}

TEST_F(GroupOffsetsTest, DeletesOffsetsOfEmptyGroups) {
  fixture_.commit(nobody_, "t", 0, 1);
  fixture_.commit(nobody_, "u", 0, 2);
  fixture_.hold_appends();
  const RequestId request = fixture_.delete_offset("g", "t", 0);
  EXPECT_TRUE(fixture_.is_waiting(request));
  fixture_.store();
  EXPECT_EQ(fixture_.answer<DeleteOffsetsAnswer>(request).error, KafkaError::kNone);
  EXPECT_EQ(shown("g", "t", 0), -1);
  EXPECT_EQ(shown("g", "u", 0), 2);
  EXPECT_TRUE(has_tombstone(key_of("t", 0)));
}

TEST_F(GroupOffsetsTest, SaysWhenATombstoneCouldNotBeStored) {
  fixture_.commit(nobody_, "t", 0, 1);
  fixture_.hold_appends();
  const RequestId request = fixture_.delete_offset("g", "t", 0);
  fixture_.store(KafkaError::kKafkaStorageError);
  EXPECT_EQ(fixture_.answer<DeleteOffsetsAnswer>(request).topics.at(0).partitions.at(0).error,
            KafkaError::kNotCoordinator);
}

TEST_F(GroupOffsetsTest, DeletesNoOffsetsThatAreInUse) {
  EXPECT_EQ(deleted_offset("", "t"), KafkaError::kInvalidGroupId);
  EXPECT_EQ(deleted_offset("g", "t"), KafkaError::kGroupIdNotFound);
  a_.metadata = testing::from_hex("0000 00000001 0001 74 ffffffff");  // subscribes to t
  fixture_.stabilize({&a_});
  fixture_.commit(a_, "t", 0, 1);
  fixture_.commit(a_, "u", 0, 2);
  EXPECT_EQ(deleted_offset("g", "t"), KafkaError::kGroupSubscribedToTopic);
  EXPECT_EQ(deleted_offset("g", "u"), KafkaError::kNone);
  EXPECT_EQ(deleted_offset("g", "never committed"), KafkaError::kNone);
  EXPECT_EQ(shown("g", "t", 0), 1);
  EXPECT_EQ(shown("g", "u", 0), -1);
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  EXPECT_EQ(deleted_offset("g", "t"), KafkaError::kNone);
}

TEST_F(GroupOffsetsTest, WhoseTopicsAreUnknownUsesAll) {
  a_.metadata = "not a subscription";
  fixture_.stabilize({&a_});
  EXPECT_EQ(deleted_offset("g", "t"), KafkaError::kGroupSubscribedToTopic);
  Client connect{.client_id = "c", .group_id = "h", .protocol_type = "connect"};
  fixture_.stabilize({&connect});
  EXPECT_EQ(deleted_offset("h", "t"), KafkaError::kNonEmptyGroup);
}

TEST_F(GroupOffsetsTest, BeforeItsFirstGenerationAGroupUsesAll) {
  CoordinatorFixture fixture({.group_initial_rebalance_delay_ms = 3'000});
  fixture.join(a_);
  const auto answer = fixture.answer<DeleteOffsetsAnswer>(fixture.delete_offset("g", "t", 0));
  EXPECT_EQ(answer.topics.at(0).partitions.at(0).error, KafkaError::kGroupSubscribedToTopic);
}

TEST_F(GroupOffsetsTest, ADeletedTopicTakesItsOffsetsAlong) {
  fixture_.stabilize({&a_});
  fixture_.commit(a_, "t", 0, 1);
  fixture_.commit(a_, "t", 1, 1);
  fixture_.commit(a_, "u", 0, 1);
  Client other{.client_id = "o", .group_id = "h"};
  fixture_.commit(other, "t", 0, 1);
  fixture_.topic_deleted("t");
  EXPECT_EQ(shown("g", "t", 0), -1);
  EXPECT_EQ(shown("g", "t", 1), -1);
  EXPECT_EQ(shown("h", "t", 0), -1);
  EXPECT_EQ(shown("g", "u", 0), 1);
  EXPECT_TRUE(has_tombstone(key_of("t", 0)) && has_tombstone(key_of("t", 1)) && has_tombstone(key_of("t", 0, "h")));
  EXPECT_FALSE(has_tombstone(key_of("u", 0)));
}

TEST_F(GroupOffsetsTest, OffsetsOfAGroupInUseNeverExpire) {
  fixture_.stabilize({&a_});
  fixture_.commit(a_, "t", 0, 1);
  for (int64_t passed_ms = 0; passed_ms < 8 * kDayMs; passed_ms += 9'000) {
    fixture_.advance(9'000);
    (void)fixture_.heartbeat(a_);
  }
  EXPECT_EQ(shown("g", "t", 0), 1);
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  fixture_.advance(7 * kDayMs - 600'000);
  EXPECT_EQ(shown("g", "t", 0), 1);
  fixture_.advance(1'200'000);
  EXPECT_EQ(shown("g", "t", 0), -1);
  EXPECT_TRUE(has_tombstone(key_of("t", 0)));
  EXPECT_THAT(fixture_.coordinator().list_groups(), IsEmpty()) << "the group goes with its last offset";
  EXPECT_TRUE(has_tombstone(group_metadata_tombstone("g").key));
}

TEST_F(GroupOffsetsTest, WithoutMembersEachOffsetExpiresByItsOwnCommit) {
  fixture_.commit(nobody_, "t", 0, 1);
  fixture_.advance(4 * kDayMs);
  fixture_.commit(nobody_, "t", 1, 1);
  fixture_.advance(3 * kDayMs + 600'000);
  EXPECT_EQ(shown("g", "t", 0), -1);
  EXPECT_EQ(shown("g", "t", 1), 1);
  fixture_.advance(4 * kDayMs);
  EXPECT_EQ(shown("g", "t", 1), -1);
}

TEST_F(GroupOffsetsTest, ACommitMayNameItsRetention) {
  fixture_.commit({.group_id = "g",
                   .retention_time_ms = 2 * kDayMs,
                   .topics = {{"t", {{.partition = PartitionId{0}, .offset = Offset{1}}}}}});
  EXPECT_EQ(parse_offset_commit_value(*fixture_.log().back().value).value().expire_timestamp_ms,
            fixture_.now_ms() + 2 * kDayMs);
  fixture_.advance(2 * kDayMs - 1);
  EXPECT_EQ(shown("g", "t", 0), 1);
  fixture_.advance(600'000);
  EXPECT_EQ(shown("g", "t", 0), -1);
  for (const int64_t retention_ms : {INT64_MIN, INT64_MAX}) {
    fixture_.commit({.group_id = "g",
                     .retention_time_ms = retention_ms,
                     .topics = {{"t", {{.partition = PartitionId{0}, .offset = Offset{1}}}}}});
  }
  fixture_.advance(600'000);
  EXPECT_EQ(shown("g", "t", 0), 1) << "for ever";
}

}  // namespace
}  // namespace omashu::broker
