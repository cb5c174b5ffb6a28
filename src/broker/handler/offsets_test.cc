// ListOffsets, DeleteRecords, OffsetForLeaderEpoch: where a partition begins, ends, and what lies between.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/01_fetch.h"
#include "broker/protocol/02_list_offsets.h"
#include "broker/protocol/21_delete_records.h"
#include "broker/protocol/23_offset_for_leader_epoch.h"

namespace omashu::broker {
namespace {

constexpr int64_t kEarliest = ListOffsetsRequest::kEarliestTimestamp;
constexpr int64_t kLatest = ListOffsetsRequest::kLatestTimestamp;
constexpr int64_t kMaxTimestamp = ListOffsetsRequest::kMaxTimestamp;

class OffsetsTest : public BrokerFixture {
 public:
  void append_at(std::string_view topic, int64_t timestamp) {
    std::string bytes = RecordBatchBuilder(timestamp).add("k", "v", timestamp).build();
    const auto partition = broker().topics().find(topic)->partitions.at(0);
    ASSERT_EQ(partition->append(bytes, {.now_ms = timestamp}).error, KafkaError::kNone);
  }

  ListOffsetsResponse::Partition list(std::string_view topic, int64_t timestamp, int16_t version = 7,
                                      int32_t partition = 0, int32_t current_leader_epoch = -1) {
    return call(ListOffsetsRequest{.topics = {{.name = topic,
                                               .partitions = {{.partition_index = PartitionId{partition},
                                                               .current_leader_epoch = current_leader_epoch,
                                                               .timestamp = timestamp}}}}},
                version)
        ->topics.at(0)
        .partitions.at(0);
  }
  int64_t offset(std::string_view topic, int64_t timestamp) {
    return std::to_underlying(list(topic, timestamp).offset);
  }

  DeleteRecordsResponse::Partition delete_records(std::string_view topic, int64_t offset, int16_t version = 2,
                                                  int32_t partition = 0) {
    const auto deleted = call(
        DeleteRecordsRequest{
            .topics = {{.name = topic,
                        .partitions = {{.partition_index = PartitionId{partition}, .offset = Offset{offset}}}}}},
        version);
    EXPECT_EQ(deleted->topics.at(0).name, topic);
    return deleted->topics[0].partitions.at(0);
  }

  OffsetForLeaderEpochResponse::Partition end_of_epoch(std::string_view topic, int32_t epoch,
                                                       int32_t current_leader_epoch = -1, int16_t version = 4,
                                                       int32_t partition = 0) {
    const auto found =
        call(OffsetForLeaderEpochRequest{.topics = {{.topic = topic,
                                                     .partitions = {{.partition = PartitionId{partition},
                                                                     .current_leader_epoch = current_leader_epoch,
                                                                     .leader_epoch = epoch}}}}},
             version);
    EXPECT_EQ(found->topics.at(0).topic, topic);
    return found->topics[0].partitions.at(0);
  }
};

TEST_F(OffsetsTest, BothEndsAreListedAtEveryVersion) {
  create_topic("t");
  append_at("t", 100);
  append_at("t", 200);
  for (int16_t version = ListOffsetsRequest::kApi.versions.min; version <= ListOffsetsRequest::kApi.versions.max;
       ++version) {
    EXPECT_EQ(list("t", kEarliest, version).offset, Offset{0});
    const auto end = list("t", kLatest, version);
    EXPECT_EQ(end.error_code, KafkaError::kNone);
    EXPECT_EQ(end.offset, Offset{2});
    EXPECT_EQ(end.timestamp, -1);
    EXPECT_EQ(end.leader_epoch, version >= 4 ? 0 : -1);
  }
}

TEST_F(OffsetsTest, OffsetsAreFoundByTimestamp) {
  create_topic("t");
  for (const int64_t timestamp : {100, 300, 200}) append_at("t", timestamp);
  const auto found = list("t", 150, 1);
  EXPECT_EQ(found.offset, Offset{1});
  EXPECT_EQ(found.timestamp, 300);
  EXPECT_EQ(offset("t", 0), 0);
  EXPECT_EQ(offset("t", 300), 1);
  const auto none = list("t", 301);
  EXPECT_EQ(none.error_code, KafkaError::kNone);
  EXPECT_EQ(none.offset, kNoOffset);
  EXPECT_EQ(none.timestamp, -1);
}

TEST_F(OffsetsTest, TheNewestRecordIsFoundFromVersionSeven) {
  create_topic("t");
  EXPECT_EQ(offset("t", kMaxTimestamp), -1);
  for (const int64_t timestamp : {100, 300, 200}) append_at("t", timestamp);
  const auto newest = list("t", kMaxTimestamp);
  EXPECT_EQ(newest.offset, Offset{1});
  EXPECT_EQ(newest.timestamp, 300);
  EXPECT_EQ(list("t", kMaxTimestamp, 6).error_code, KafkaError::kUnsupportedVersion);
}

TEST_F(OffsetsTest, WhatCannotBeListedIsRefused) {
  create_topic("t");
  EXPECT_EQ(list("none", kLatest).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(list("t", kLatest, 7, 1).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(list("t", kLatest, 7, -1).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(list("t", kLatest, 7, 0, 1).error_code, KafkaError::kUnknownLeaderEpoch);
  EXPECT_EQ(list("t", kMaxTimestamp - 1).error_code, KafkaError::kUnsupportedVersion);
}

TEST_F(OffsetsTest, RecordsAreDeletedAtEveryVersion) {
  create_topic("t");
  for (int i = 0; i < 4; ++i) append("t", "v");
  for (int16_t version = DeleteRecordsRequest::kApi.versions.min; version <= DeleteRecordsRequest::kApi.versions.max;
       ++version) {
    const auto deleted = delete_records("t", version + 1, version);
    EXPECT_EQ(deleted.error_code, KafkaError::kNone);
    EXPECT_EQ(deleted.low_watermark, Offset{version + 1});
    EXPECT_EQ(offset("t", kEarliest), version + 1);
  }
  EXPECT_EQ(delete_records("t", 1).low_watermark, Offset{3}) << "they are gone already";
  EXPECT_EQ(delete_records("t", -1).low_watermark, Offset{4}) << "all";
  crash();
  EXPECT_EQ(offset("t", kEarliest), 4);
  EXPECT_EQ(append("t", "v").base_offset, Offset{4});
  const auto fetched = call(FetchRequest{.topics = {{.topic = "t", .partitions = {{.fetch_offset = Offset{3}}}}},
                                         .forgotten_topics_data = {}});
  EXPECT_EQ(fetched->topics.at(0).partitions.at(0).error_code, KafkaError::kOffsetOutOfRange);
}

TEST_F(OffsetsTest, WhatCannotBeDeletedIsRefused) {
  create_topic("t");
  append("t", "v");
  create_topic("compacted", 1, {{.name = "cleanup.policy", .value = "compact"}});
  append("compacted", "v");
  create_topic("both", 1, {{.name = "cleanup.policy", .value = "compact,delete"}});
  append("both", "v");
  create_internal_topic();
  EXPECT_EQ(delete_records("t", 2).error_code, KafkaError::kOffsetOutOfRange);
  EXPECT_EQ(delete_records("t", -2).error_code, KafkaError::kOffsetOutOfRange);
  EXPECT_EQ(delete_records("t", 1, 2, 1).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(delete_records("none", 1).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(delete_records("compacted", 1).error_code, KafkaError::kPolicyViolation);
  EXPECT_EQ(delete_records("compacted", 1).low_watermark, kNoOffset);
  EXPECT_EQ(delete_records("both", 1).error_code, KafkaError::kNone);
  EXPECT_EQ(delete_records(Topic::kConsumerOffsets, 0).error_code, KafkaError::kInvalidTopicException);
  EXPECT_EQ(offset("t", kEarliest), 0);
  EXPECT_EQ(offset("compacted", kEarliest), 0);
}

TEST_F(OffsetsTest, TheEpochEndsWhereTheLogEndsAtEveryVersion) {
  create_topic("t");
  EXPECT_EQ(end_of_epoch("t", 0).end_offset, Offset{0});
  append("t", "v");
  for (int16_t version = OffsetForLeaderEpochRequest::kApi.versions.min;
       version <= OffsetForLeaderEpochRequest::kApi.versions.max; ++version) {
    const auto end = end_of_epoch("t", 0, 0, version);
    EXPECT_EQ(end.error_code, KafkaError::kNone);
    EXPECT_EQ(end.leader_epoch, 0);
    EXPECT_EQ(end.end_offset, Offset{1});
  }
}

TEST_F(OffsetsTest, OfOtherEpochsNothingIsKnown) {
  create_topic("t");
  for (const int32_t epoch : {-1, 1}) {
    const auto end = end_of_epoch("t", epoch);
    EXPECT_EQ(end.error_code, KafkaError::kNone);
    EXPECT_EQ(end.leader_epoch, -1);
    EXPECT_EQ(end.end_offset, kNoOffset);
  }
  EXPECT_EQ(end_of_epoch("t", 0, 1).error_code, KafkaError::kUnknownLeaderEpoch);
  EXPECT_EQ(end_of_epoch("none", 0).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(end_of_epoch("t", 0, -1, 4, 1).error_code, KafkaError::kUnknownTopicOrPartition);
}

}  // namespace
}  // namespace omashu::broker
