#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/61_describe_producers.h"

namespace omashu::broker {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class DescribeProducersTest : public BrokerFixture {
 public:
  DescribeProducersResponse::Partition describe(std::string_view topic, int32_t partition) {
    const auto told =
        call(DescribeProducersRequest{.topics = {{.name = topic, .partition_indexes = {PartitionId{partition}}}}});
    EXPECT_EQ(told->topics.at(0).name, topic);
    EXPECT_EQ(told->topics[0].partitions.at(0).partition_index, PartitionId{partition});
    return told->topics[0].partitions[0];
  }

  void append_from_producer(int64_t id, int16_t epoch, int32_t sequence) {
    std::string batch =
        RecordBatchBuilder(5000).set_producer(ProducerId{id}, epoch, sequence).add("k", "v", 5000).build();
    ASSERT_EQ(broker().topics().find("t")->partitions.at(1)->append(batch, {.now_ms = 5000}).error, KafkaError::kNone);
  }
};

TEST_F(DescribeProducersTest, TellsTheIdempotentProducersOfAPartition) {
  create_topic("t", 2);
  ASSERT_EQ(append("t", "of a producer without an id").error, KafkaError::kNone);
  append_from_producer(12, 1, 0);
  append_from_producer(12, 1, 1);
  append_from_producer(11, 0, 0);
  EXPECT_THAT(describe("t", 0).active_producers, IsEmpty());
  const auto partition = describe("t", 1);
  EXPECT_EQ(partition.error_code, KafkaError::kNone);
  ASSERT_THAT(partition.active_producers, SizeIs(2));
  EXPECT_EQ(partition.active_producers[0].producer_id, ProducerId{11});
  EXPECT_EQ(partition.active_producers[1].producer_id, ProducerId{12});
  EXPECT_EQ(partition.active_producers[1].producer_epoch, 1);
  EXPECT_EQ(partition.active_producers[1].last_sequence, 1);
  EXPECT_EQ(partition.active_producers[1].last_timestamp, 5000);
  EXPECT_EQ(partition.active_producers[1].coordinator_epoch, -1);
  EXPECT_EQ(partition.active_producers[1].current_txn_start_offset, kNoOffset);
}

TEST_F(DescribeProducersTest, WhatCannotBeToldIsAnErrorOfThePartition) {
  create_topic("t");
  EXPECT_EQ(describe("t", 1).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(describe("not-there", 0).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(describe("not a name", 0).error_code, KafkaError::kInvalidTopicException);
  std::ofstream(options.data_folder + "/t-0") << "a file where the folder was to be";
  EXPECT_EQ(describe("t", 0).error_code, KafkaError::kKafkaStorageError);
}

}  // namespace
}  // namespace omashu::broker
