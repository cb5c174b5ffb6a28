#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/08_offset_commit.h"
#include "broker/protocol/09_offset_fetch.h"
#include "broker/protocol/11_join_group.h"
#include "broker/protocol/47_offset_delete.h"

namespace omashu::broker {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class GroupOffsetHandlersTest : public BrokerFixture {
 protected:
  void SetUp() override { create_topic("t", 2); }

  static OffsetCommitRequest commit_of(std::string_view group_id, std::string_view topic, int64_t offset,
                                       int32_t partition = 0) {
    return {.group_id = group_id,
            .topics = {{.name = topic,
                        .partitions = {{.partition_index = PartitionId{partition},
                                        .committed_offset = Offset{offset},
                                        .committed_leader_epoch = 0,
                                        .committed_metadata = "note"}}}}};
  }
  KafkaError commit(const OffsetCommitRequest& request, int16_t version = 9) {
    return call(request, version)->topics.at(0).partitions.at(0).error_code;
  }
  // The answer for the one group, whatever the version.
  OffsetFetchResponse::Group fetch(std::string_view group_id,
                                   std::optional<std::vector<OffsetFetchRequest::Topic>> topics, int16_t version = 9) {
    OffsetFetchRequest request;
    if (version >= 8) {
      request.groups.push_back({.group_id = group_id, .topics = std::move(topics)});
      auto fetched = call(request, version);
      return fetched->groups.at(0);
    }
    request.group_id = group_id;
    request.topics = std::move(topics);
    const auto fetched = call(request, version);
    return {.group_id = std::string(group_id), .topics = fetched->topics, .error_code = fetched->error_code};
  }
  int64_t fetched(std::string_view group_id, std::string_view topic, int32_t partition = 0) {
    return std::to_underlying(
        fetch(group_id, {{{topic, {PartitionId{partition}}}}}).topics.at(0).partitions.at(0).committed_offset);
  }
};

TEST_F(GroupOffsetHandlersTest, WhatIsCommittedAtAnyVersionIsFetchedAtAnyVersion) {
  for (int16_t version = OffsetCommitRequest::kApi.versions.min; version <= 9; ++version) {
    EXPECT_EQ(commit(commit_of("g", "t", 100 + version), version), KafkaError::kNone);
    EXPECT_EQ(fetched("g", "t"), 100 + version) << version;
  }
  for (int16_t version = OffsetFetchRequest::kApi.versions.min; version <= 9; ++version) {
    const auto group = fetch("g", {{{"t", {PartitionId{0}, PartitionId{1}}}}}, version);
    EXPECT_EQ(group.error_code, KafkaError::kNone);
    ASSERT_THAT(group.topics, SizeIs(1));
    EXPECT_EQ(group.topics[0].name, "t");
    ASSERT_THAT(group.topics[0].partitions, SizeIs(2));
    EXPECT_EQ(group.topics[0].partitions[0].committed_offset, Offset{109}) << version;
    EXPECT_EQ(group.topics[0].partitions[0].committed_leader_epoch, version >= 5 ? 0 : -1) << version;
    EXPECT_EQ(group.topics[0].partitions[0].metadata, "note");
    EXPECT_EQ(group.topics[0].partitions[1].committed_offset, kNoOffset);
    EXPECT_EQ(group.topics[0].partitions[1].metadata, "");
    EXPECT_EQ(group.topics[0].partitions[1].error_code, KafkaError::kNone);
  }
}

TEST_F(GroupOffsetHandlersTest, AnUnknownGroupHasNoOffsetsAndNoError) {
  for (const int16_t version : std::initializer_list<int16_t>{1, 9}) {
    const auto group = fetch("nobody", {{{"t", {PartitionId{0}}}}}, version);
    EXPECT_EQ(group.error_code, KafkaError::kNone);
    EXPECT_EQ(group.topics.at(0).partitions.at(0).committed_offset, kNoOffset);
    EXPECT_EQ(group.topics[0].partitions[0].error_code, KafkaError::kNone);
  }
  EXPECT_THAT(fetch("nobody", std::nullopt).topics, IsEmpty());
}

TEST_F(GroupOffsetHandlersTest, NullAsksForAllTopics) {
  create_topic("u");
  commit(commit_of("g", "t", 1, 1));
  commit(commit_of("g", "u", 2));
  for (const int16_t version : std::initializer_list<int16_t>{2, 7, 8, 9}) {
    const auto group = fetch("g", std::nullopt, version);
    ASSERT_THAT(group.topics, SizeIs(2)) << version;
    EXPECT_EQ(group.topics[0].name, "t");
    EXPECT_EQ(group.topics[0].partitions.at(0).partition_index, PartitionId{1});
    EXPECT_EQ(group.topics[1].partitions.at(0).committed_offset, Offset{2});
  }
  EXPECT_THAT(fetch("g", std::vector<OffsetFetchRequest::Topic>()).topics, IsEmpty()) << "none is not all";
}

TEST_F(GroupOffsetHandlersTest, SeveralGroupsAreAskedForAtOnce) {
  commit(commit_of("g", "t", 1));
  commit(commit_of("h", "t", 2));
  OffsetFetchRequest request;
  request.groups.push_back({.group_id = "h", .topics = {{{"t", {PartitionId{0}}}}}});
  request.groups.push_back({.group_id = "g", .topics = std::nullopt});
  const auto fetched = call(request, 8);
  ASSERT_THAT(fetched->groups, SizeIs(2));
  EXPECT_EQ(fetched->groups[0].group_id, "h");
  EXPECT_EQ(fetched->groups[0].topics.at(0).partitions.at(0).committed_offset, Offset{2});
  EXPECT_EQ(fetched->groups[1].topics.at(0).partitions.at(0).committed_offset, Offset{1});
}

TEST_F(GroupOffsetHandlersTest, APartitionThatIsNotThereIsRefusedAlone) {
  OffsetCommitRequest request = commit_of("g", "t", 1);
  request.topics[0].partitions.push_back({.partition_index = PartitionId{2}, .committed_offset = Offset{1}});
  request.topics.push_back(
      {.name = "nowhere", .partitions = {{.partition_index = PartitionId{0}, .committed_offset = Offset{1}}}});
  const auto committed = call(request);
  ASSERT_THAT(committed->topics, SizeIs(2));
  EXPECT_EQ(committed->topics[0].partitions.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(committed->topics[0].partitions.at(1).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(committed->topics[1].name, "nowhere");
  EXPECT_EQ(committed->topics[1].partitions.at(0).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(fetched("g", "t"), 1);
}

TEST_F(GroupOffsetHandlersTest, AGroupThatIsNotThereIsNamedToNewerClients) {
  OffsetCommitRequest request = commit_of("nobody", "t", 1);
  request.generation_id_or_member_epoch = 3;
  request.member_id = "m";
  EXPECT_EQ(commit(request, 8), KafkaError::kIllegalGeneration);
  EXPECT_EQ(commit(request, 9), KafkaError::kGroupIdNotFound);
}

TEST_F(GroupOffsetHandlersTest, NullMetadataIsEmpty) {
  OffsetCommitRequest request = commit_of("g", "t", 1);
  request.topics[0].partitions[0].committed_metadata.reset();
  commit(request);
  EXPECT_EQ(fetch("g", {{{"t", {PartitionId{0}}}}}).topics.at(0).partitions.at(0).metadata, "");
}

TEST_F(GroupOffsetHandlersTest, ARetentionTimeIsKept) {
  OffsetCommitRequest request = commit_of("g", "t", 1);
  request.retention_time_ms = 1'000;
  commit(request, 2);
  const auto expires = [&] {
    return broker().groups().read([](const GroupCoordinator& groups) {
      return groups.find_offset("g", "t", PartitionId{0})->expire_timestamp_ms;
    });
  };
  EXPECT_TRUE(expires().has_value());
  request.retention_time_ms = -1;
  commit(request, 2);
  EXPECT_FALSE(expires().has_value());
}

TEST_F(GroupOffsetHandlersTest, DeletesOffsets) {
  commit(commit_of("g", "t", 1));
  commit(commit_of("g", "t", 2, 1));
  const OffsetDeleteRequest request{.group_id = "g",
                                    .topics = {{.name = "t", .partitions = {{PartitionId{0}}, {PartitionId{7}}}},
                                               {.name = "nowhere", .partitions = {{PartitionId{0}}}}}};
  const auto deleted = call(request);
  EXPECT_EQ(deleted->error_code, KafkaError::kNone);
  ASSERT_THAT(deleted->topics, SizeIs(2));
  EXPECT_EQ(deleted->topics[0].partitions.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(deleted->topics[0].partitions.at(1).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(deleted->topics[1].partitions.at(0).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(fetched("g", "t"), -1);
  EXPECT_EQ(fetched("g", "t", 1), 2);
  EXPECT_EQ(call(OffsetDeleteRequest{.group_id = "nobody"})->error_code, KafkaError::kGroupIdNotFound);
}

TEST_F(GroupOffsetHandlersTest, KeepsOffsetsOfTopicsInUse) {
  const std::string_view reads_t("\0\0\0\0\0\1\0\1t", 9);
  call(JoinGroupRequest{.group_id = "g",
                        .session_timeout_ms = 10'000,
                        .protocol_type = "consumer",
                        .protocols = {{"range", BytesView{reads_t}}}},
       0);
  const auto deleted =
      call(OffsetDeleteRequest{.group_id = "g", .topics = {{.name = "t", .partitions = {{PartitionId{0}}}}}});
  EXPECT_EQ(deleted->topics.at(0).partitions.at(0).error_code, KafkaError::kGroupSubscribedToTopic);
}

}  // namespace
}  // namespace omashu::broker
