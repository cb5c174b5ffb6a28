#include "kafka/producer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "kafka/mock_cluster.h"
#include "kafka/partitioner.h"

namespace omashu::kafka {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr int kProduceKey = 0;

std::unique_ptr<Producer> open_producer(const ClientConfig& config) {
  auto producer = Producer::open(config);
  EXPECT_TRUE(producer) << producer.error().message;
  return producer ? std::move(*producer) : nullptr;
}

// Sends one record and returns what became of it.
Result<RecordMetadata> deliver(Producer& producer, Record record) {
  Result<RecordMetadata> result = fail(ErrorCode::kInternal, "no delivery was reported");
  const auto sent =
      producer.send(std::move(record), [&](const Result<RecordMetadata>& delivered) { result = delivered; });
  if (!sent) return fail(sent.error());
  const auto flushed = producer.flush(seconds(30));
  EXPECT_TRUE(flushed) << flushed.error().message;
  return result;
}

TEST(ProducerTest, AKeyGoesWhereJavaPutsIt) {
  MockCluster mock;
  mock.create_topic("t", 50);
  const auto producer = open_producer(mock.config());
  for (const std::string key : {"", "a", "om-1", "download-42"}) {
    const auto delivered = deliver(*producer, {.topic = "t", .key = key, .value = "v"});
    ASSERT_TRUE(delivered) << delivered.error().message;
    EXPECT_EQ(delivered->topic, "t");
    EXPECT_EQ(delivered->partition, partition_of(key, 50)) << key;
  }
}

TEST(ProducerTest, APartitionMayBeNamed) {
  MockCluster mock;
  mock.create_topic("t", 4);
  const auto producer = open_producer(mock.config());
  for (Offset offset = 0; offset < 3; ++offset) {
    const auto delivered = deliver(*producer, {.topic = "t", .partition = 3, .key = "k"});
    ASSERT_TRUE(delivered) << delivered.error().message;
    EXPECT_EQ(delivered->partition, 3);
    EXPECT_EQ(delivered->offset, offset);
  }
  const auto refused = deliver(*producer, {.topic = "t", .partition = 4});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
}

TEST(ProducerTest, EachRecordIsReportedOnce) {
  MockCluster mock;
  mock.create_topic("t", 1);
  const auto producer = open_producer(mock.config());
  constexpr int kRecords = 1'000;
  std::vector<int> reports(kRecords);
  for (int i = 0; i < kRecords; ++i) {
    ASSERT_TRUE(producer->send({.topic = "t", .value = "v"}, [&reports, i](const auto& result) {
      EXPECT_TRUE(result);
      ++reports[static_cast<size_t>(i)];
    }));
  }
  ASSERT_TRUE(producer->send({.topic = "t", .value = "nobody asks"}, nullptr));
  ASSERT_TRUE(producer->flush(seconds(30)));
  EXPECT_EQ(reports, std::vector<int>(kRecords, 1));
}

TEST(ProducerTest, AFullQueueMakesSendWait) {
  MockCluster mock;
  mock.create_topic("t", 1);
  ClientConfig config = mock.config();
  config.set("queue.buffering.max.messages", "10");
  const auto producer = open_producer(config);
  int delivered = 0;
  for (int i = 0; i < 500; ++i) {
    const auto sent =
        producer->send({.topic = "t", .value = "v"}, [&](const auto& result) { delivered += result ? 1 : 0; });
    ASSERT_TRUE(sent) << sent.error().message;
  }
  ASSERT_TRUE(producer->flush(seconds(30)));
  EXPECT_EQ(delivered, 500);
}

TEST(ProducerTest, WhatPassesIsTriedAgain) {
  MockCluster mock;
  mock.create_topic("t", 1);
  const auto producer = open_producer(mock.config());
  mock.fail_next(kProduceKey, {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                               RD_KAFKA_RESP_ERR__TRANSPORT});
  const auto delivered = deliver(*producer, {.topic = "t", .value = "v"});
  EXPECT_TRUE(delivered) << delivered.error().message;
}

TEST(ProducerTest, WhatDoesNotPassIsReported) {
  MockCluster mock;
  mock.create_topic("t", 1);
  const auto producer = open_producer(mock.config());
  mock.fail_next(kProduceKey, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  const auto delivered = deliver(*producer, {.topic = "t", .value = "v"});
  ASSERT_FALSE(delivered);
  EXPECT_EQ(delivered.error().code, ErrorCode::kUnauthorized);
  EXPECT_THAT(delivered.error().message, HasSubstr("topic t: TOPIC_AUTHORIZATION_FAILED"));
}

TEST(ProducerTest, ARecordThatIsTooLargeIsRefusedAtOnce) {
  MockCluster mock;
  mock.create_topic("t", 1);
  const auto producer = open_producer(mock.config());
  const auto sent = producer->send({.topic = "t", .value = std::string(2'000'000, 'x')}, nullptr);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(sent.error().message,
            "topic t: a record of 2000000 bytes is more than this client sends (message.max.bytes=1000000): give a "
            "greater -X message.max.bytes=BYTES, and the topic a max.message.bytes that lets it in");
}

TEST(ProducerTest, ARecordThatIsTooLargeForTheTopicNamesTheTopicsLimit) {
  MockCluster mock;
  mock.create_topic("t", 1);
  const auto producer = open_producer(mock.config());
  mock.fail_next(kProduceKey, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  const auto delivered = deliver(*producer, {.topic = "t", .key = "k", .value = "v"});
  ASSERT_FALSE(delivered);
  EXPECT_EQ(delivered.error().message,
            "topic t: MSG_SIZE_TOO_LARGE: the brokers refuse a record of 2 bytes: raise the topic's max.message.bytes, "
            "or its default, the brokers' message.max.bytes");
}

TEST(ProducerTest, FlushSaysHowManyAreNotDelivered) {
  MockCluster mock;
  mock.create_topic("t", 1);
  const auto producer = open_producer(mock.config());
  ASSERT_TRUE(deliver(*producer, {.topic = "t", .value = "v"}));
  mock.set_down(1);
  int cancelled = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(producer->send({.topic = "t", .value = "v"}, [&](const Result<RecordMetadata>& result) {
      if (!result && result.error().code == ErrorCode::kCancelled) ++cancelled;
    }));
  }
  const auto flushed = producer->flush(milliseconds(200));
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(flushed.error().message, HasSubstr("3 records are not delivered: "));
  EXPECT_EQ(cancelled, 0);
}

TEST(ProducerTest, WhatIsDroppedAtTheEndIsReported) {
  MockCluster mock;
  mock.create_topic("t", 1);
  auto producer = open_producer(mock.config());
  ASSERT_TRUE(deliver(*producer, {.topic = "t", .value = "v"}));
  mock.set_down(1);
  int cancelled = 0;
  ASSERT_TRUE(producer->send({.topic = "t", .value = "v"}, [&](const Result<RecordMetadata>& result) {
    if (!result && result.error().code == ErrorCode::kCancelled) ++cancelled;
  }));
  producer.reset();
  EXPECT_EQ(cancelled, 1);
}

TEST(ProducerTest, NothingIsLostWhileABrokerIsAway) {
  MockCluster mock;
  mock.create_topic("t", 1);
  const auto producer = open_producer(mock.config());
  ASSERT_TRUE(deliver(*producer, {.topic = "t", .value = "v"}));
  mock.set_down(1);
  std::vector<Offset> offsets;
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(producer->send({.topic = "t", .value = "v"}, [&](const Result<RecordMetadata>& result) {
      if (result) offsets.push_back(result->offset);
    }));
  }
  EXPECT_FALSE(producer->flush(milliseconds(100)));
  mock.set_up(1);
  const auto flushed = producer->flush(seconds(30));
  EXPECT_TRUE(flushed) << flushed.error().message;
  EXPECT_THAT(offsets, ::testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST(ProducerTest, NobodyThereIsSaid) {
  std::string address;
  {
    const MockCluster gone;
    address = gone.bootstrap_servers();
  }
  ClientConfig config;
  config.set("bootstrap.servers", address);
  const auto producer = open_producer(config);
  ASSERT_TRUE(producer->send({.topic = "t", .value = "v"}, nullptr));
  const auto flushed = producer->flush(std::chrono::minutes(10));
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(flushed.error().message, HasSubstr("1 record is not delivered: no broker at " + address));
}

}  // namespace
}  // namespace omashu::kafka
