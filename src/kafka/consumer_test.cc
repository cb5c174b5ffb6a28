#include "kafka/consumer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "kafka/mock_cluster.h"
#include "kafka/producer.h"

namespace omashu::kafka {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr int kFetchKey = 1;
constexpr milliseconds kPatience{30'000};

std::unique_ptr<Consumer> open_consumer(const ClientConfig& config) {
  auto consumer = Consumer::open(config);
  EXPECT_TRUE(consumer) << consumer.error().message;
  return consumer ? std::move(*consumer) : nullptr;
}

void produce(const MockCluster& mock, std::vector<Record> records) {
  auto producer = Producer::open(mock.config());
  ASSERT_TRUE(producer);
  for (Record& record : records) ASSERT_TRUE((*producer)->send(std::move(record), nullptr));
  ASSERT_TRUE((*producer)->flush(kPatience));
}

std::vector<Record> numbered(const std::string& topic, int count) {
  std::vector<Record> records;
  for (int i = 0; i < count; ++i) records.push_back({.topic = topic, .partition = 0, .value = std::to_string(i)});
  return records;
}

// Makes "t", of one partition with so many records; the configuration of a group's member.
ClientConfig group_of_topic(MockCluster& mock, int count) {
  mock.create_topic("t", 1);
  produce(mock, numbered("t", count));
  ClientConfig config = mock.config();
  config.set("group.id", "g");
  return config;
}

// Reads until the partition's end; the values of all messages until then.
std::vector<std::string> read_to_end(Consumer& consumer) {
  std::vector<std::string> values;
  for (;;) {
    const auto event = consumer.poll(kPatience);
    if (!event) ADD_FAILURE() << event.error().message;
    if (!event || !std::holds_alternative<Message>(*event)) {
      EXPECT_TRUE(event && std::holds_alternative<PartitionEnd>(*event));
      return values;
    }
    values.push_back(std::get<Message>(*event).value.value_or("null"));
  }
}

TEST(ConsumerTest, ReadsARecordWithAllItsParts) {
  MockCluster mock;
  mock.create_topic("t", 2);
  produce(mock, {{.topic = "t",
                  .partition = 1,
                  .key = "k",
                  .value = "v",
                  .headers = {{"a", "1"}, {"a", std::nullopt}, {"b", ""}},
                  .timestamp_ms = 1'700'000'000'123},
                 {.topic = "t", .partition = 1, .key = "", .value = std::nullopt}});
  const auto consumer = open_consumer(mock.config());
  ASSERT_TRUE(consumer->assign({{{"t", 1}, 0}}));

  const auto first = consumer->poll(kPatience);
  ASSERT_TRUE(first && std::holds_alternative<Message>(*first));
  const Message& message = std::get<Message>(*first);
  EXPECT_EQ(message.topic, "t");
  EXPECT_EQ(message.partition, 1);
  EXPECT_EQ(message.offset, 0);
  EXPECT_EQ(message.timestamp_ms, 1'700'000'000'123);
  EXPECT_FALSE(message.is_log_append_time);
  EXPECT_EQ(message.key, "k");
  EXPECT_EQ(message.value, "v");
  ASSERT_EQ(message.headers.size(), 3u);
  EXPECT_EQ(message.headers[0].value, "1");
  EXPECT_EQ(message.headers[1].value, std::nullopt);
  EXPECT_EQ(message.headers[2].value, "");

  const auto second = consumer->poll(kPatience);
  ASSERT_TRUE(second && std::holds_alternative<Message>(*second));
  EXPECT_EQ(std::get<Message>(*second).key, "");
  EXPECT_EQ(std::get<Message>(*second).value, std::nullopt);

  const auto end = consumer->poll(kPatience);
  ASSERT_TRUE(end && std::holds_alternative<PartitionEnd>(*end));
  EXPECT_EQ(std::get<PartitionEnd>(*end).partition, (TopicPartition{"t", 1}));
  EXPECT_EQ(std::get<PartitionEnd>(*end).offset, 2);
}

TEST(ConsumerTest, StartsWhereItIsTold) {
  MockCluster mock;
  mock.create_topic("t", 1);
  produce(mock, numbered("t", 5));
  const auto consumer = open_consumer(mock.config());
  ASSERT_TRUE(consumer->assign({{{"t", 0}, 3}}));
  EXPECT_THAT(read_to_end(*consumer), ElementsAre("3", "4"));
  ASSERT_TRUE(consumer->assign({{{"t", 0}, kOffsetBeginning}}));
  EXPECT_THAT(read_to_end(*consumer), ElementsAre("0", "1", "2", "3", "4"));
  ASSERT_TRUE(consumer->assign({{{"t", 0}, kOffsetEnd}}));
  EXPECT_THAT(read_to_end(*consumer), ElementsAre());
}

// With a queue of one record, librdkafka puts each fetch off for fetch.queue.backoff.ms, a second unless it is told
// otherwise: these would take minutes.
TEST(ConsumerTest, ReadsOnAsSoonAsItsQueueHasRoom) {
  MockCluster mock;
  mock.create_topic("t", 1);
  for (int i = 0; i < 100; ++i) produce(mock, numbered("t", 1));
  ClientConfig config = mock.config();
  config.set("queued.min.messages", "1");
  config.set("fetch.message.max.bytes", "1");
  const auto consumer = open_consumer(config);
  ASSERT_TRUE(consumer->assign({{{"t", 0}, 0}}));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  int count = 0;
  while (count < 100 && std::chrono::steady_clock::now() < deadline) {
    const auto event = consumer->poll(kPatience);
    ASSERT_TRUE(event);
    if (std::holds_alternative<Message>(*event)) ++count;
  }
  EXPECT_EQ(count, 100);
}

TEST(ConsumerTest, AnOffsetThatIsGoneGoesOnAtTheBeginning) {
  MockCluster mock;
  mock.create_topic("t", 1);
  produce(mock, numbered("t", 2));
  const auto consumer = open_consumer(mock.config());
  ASSERT_TRUE(consumer->assign({{{"t", 0}, 100}}));
  EXPECT_THAT(read_to_end(*consumer), ElementsAre("0", "1"));
}

TEST(ConsumerTest, TakesBatches) {
  MockCluster mock;
  mock.create_topic("t", 1);
  produce(mock, numbered("t", 1'000));
  const auto consumer = open_consumer(mock.config());
  ASSERT_TRUE(consumer->assign({{{"t", 0}, 0}}));
  int messages = 0;
  bool at_end = false;
  while (!at_end) {
    const auto events = consumer->poll_batch(300, kPatience);
    ASSERT_TRUE(events) << events.error().message;
    ASSERT_FALSE(events->empty());
    ASSERT_LE(events->size(), 300u);
    for (const ConsumerEvent& event : *events) {
      if (const auto* message = std::get_if<Message>(&event)) {
        EXPECT_EQ(message->offset, messages++);
      } else {
        at_end = true;
      }
    }
  }
  EXPECT_EQ(messages, 1'000);
}

TEST(ConsumerTest, ReadsBatchesIntoTheSameMemory) {
  MockCluster mock;
  mock.create_topic("t", 1);
  std::vector<Record> records = numbered("t", 1'000);
  records[0].key = "k";
  records[0].headers = {{"a", "1"}};
  produce(mock, std::move(records));
  const auto consumer = open_consumer(mock.config());
  ASSERT_TRUE(consumer->assign({{{"t", 0}, 0}}));
  MessageBatch batch;
  Offset next = 0;
  while (batch.ends().empty()) {
    const auto read = consumer->read_batch(batch, 300, kPatience);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_FALSE(batch.is_empty());
    ASSERT_LE(batch.messages().size(), 300u);
    for (const Message& message : batch.messages()) {
      EXPECT_EQ(message.offset, next);
      EXPECT_EQ(message.value, std::to_string(next));
      EXPECT_EQ(message.key, next == 0 ? std::optional<std::string>("k") : std::nullopt);
      EXPECT_EQ(message.headers.size(), next == 0 ? 1u : 0u);
      ++next;
    }
  }
  EXPECT_EQ(next, 1'000);
  ASSERT_EQ(batch.ends().size(), 1u);
  EXPECT_EQ(batch.ends()[0].partition, (TopicPartition{"t", 0}));
  EXPECT_EQ(batch.ends()[0].offset, consumer->fetched_end({"t", 0}));
}

TEST(ConsumerTest, KnowsPartitionsAndWatermarks) {
  MockCluster mock;
  mock.create_topic("t", 3);
  produce(mock, numbered("t", 7));
  const auto consumer = open_consumer(mock.config());
  const auto partitions = consumer->partitions_of("t", kPatience);
  ASSERT_TRUE(partitions) << partitions.error().message;
  EXPECT_THAT(*partitions, ElementsAre(0, 1, 2));
  const auto one = consumer->watermarks({"t", 0}, kPatience);
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->low, 0);
  EXPECT_EQ(one->high, 7);
  const std::vector<TopicPartition> wanted = {{"t", 0}, {"t", 2}};
  const auto all = consumer->all_watermarks(wanted, kPatience);
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->at({"t", 0}).high, 7);
  EXPECT_EQ(all->at({"t", 2}).high, 0);

  const auto missing = consumer->partitions_of("missing", kPatience);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(missing.error().message, "there is no topic missing");
}

TEST(ConsumerTest, WakeEndsAPoll) {
  MockCluster mock;
  mock.create_topic("t", 1);
  const auto consumer = open_consumer(mock.config());
  ASSERT_TRUE(consumer->assign({{{"t", 0}, 0}}));
  EXPECT_THAT(read_to_end(*consumer), ElementsAre());
  std::thread other([&] { consumer->wake(); });
  const auto event = consumer->poll(std::chrono::minutes(10));
  other.join();
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*event));
}

TEST(ConsumerTest, AGroupRemembersWhatItCommitted) {
  MockCluster mock;
  const ClientConfig config = group_of_topic(mock, 5);
  const std::vector<std::string> topics = {"t"};
  const std::vector<TopicPartition> partitions = {{"t", 0}};

  std::vector<std::string> rebalances;
  const RebalanceListener listener = {
      .on_assigned = [&](std::span<const TopicPartition> p) { rebalances.push_back("+" + std::to_string(p.size())); },
      .on_revoked = [&](std::span<const TopicPartition> p,
                        bool) { rebalances.push_back("-" + std::to_string(p.size())); }};
  const auto first = open_consumer(config);
  ASSERT_TRUE(first->subscribe(topics, listener));
  EXPECT_THAT(read_to_end(*first), ElementsAre("0", "1", "2", "3", "4"));
  const auto committed = first->commit({{{"t", 0}, 3}});
  ASSERT_TRUE(committed) << committed.error().message;
  ASSERT_TRUE(first->close());
  EXPECT_TRUE(first->close());
  EXPECT_THAT(rebalances, ElementsAre("+1", "-1"));
  EXPECT_EQ(first->poll(seconds(0)).error().code, ErrorCode::kCancelled);

  const auto second = open_consumer(config);
  const auto read = second->committed(partitions, kPatience);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(*read, ElementsAre(Pair(TopicPartition{"t", 0}, 3)));
}

TEST(ConsumerTest, WhatIsDoneIsCommittedBeforeItIsRevoked) {
  MockCluster mock;
  const ClientConfig config = group_of_topic(mock, 4);
  const std::vector<std::string> topics = {"t"};
  const std::vector<TopicPartition> partitions = {{"t", 0}};
  const auto consumer = open_consumer(config);
  Result<void> committed = fail(ErrorCode::kInternal, "never revoked");
  ASSERT_TRUE(consumer->subscribe(
      topics, {.on_assigned = nullptr, .on_revoked = [&](std::span<const TopicPartition>, bool is_lost) {
                 EXPECT_FALSE(is_lost);
                 committed = consumer->commit({{{"t", 0}, 4}});
               }}));
  EXPECT_EQ(read_to_end(*consumer).size(), 4u);
  ASSERT_TRUE(consumer->close());
  ASSERT_TRUE(committed) << committed.error().message;
  EXPECT_THAT(open_consumer(config)->committed(partitions, kPatience).value(),
              ElementsAre(Pair(TopicPartition{"t", 0}, 4)));
}

TEST(ConsumerTest, AMemberThatIsAssignedPausedReadsFromWhereItSeeks) {
  MockCluster mock;
  ClientConfig config = group_of_topic(mock, 5);
  config.set("partition.assignment.strategy", "cooperative-sticky");
  const std::vector<std::string> topics = {"t"};
  const std::vector<TopicPartition> partitions = {{"t", PartitionId{0}}};
  const auto consumer = open_consumer(config);
  bool is_assigned = false;
  ASSERT_TRUE(consumer->subscribe(
      topics, {.on_assigned = [&](std::span<const TopicPartition>) { is_assigned = true; }, .assigns_paused = true}));
  while (!is_assigned) ASSERT_TRUE(consumer->poll(milliseconds(10)));
  const auto nothing = consumer->poll(milliseconds(100));
  EXPECT_TRUE(nothing && std::holds_alternative<std::monostate>(*nothing));

  const auto seek = [&] { return consumer->seek({{{"t", PartitionId{0}}, Offset{3}}}, kPatience); };
  auto sought = seek();
  for (; !sought && sought.error().code == ErrorCode::kUnavailable; sought = seek()) {
    ASSERT_TRUE(consumer->poll(milliseconds(10)));
  }
  ASSERT_TRUE(sought) << sought.error().message;
  ASSERT_TRUE(consumer->resume(partitions));
  EXPECT_THAT(read_to_end(*consumer), ElementsAre("3", "4"));
}

TEST(ConsumerTest, APausedPartitionGoesOnWhereItStood) {
  MockCluster mock;
  mock.create_topic("t", 1);
  produce(mock, numbered("t", 4));
  const std::vector<TopicPartition> partitions = {{"t", PartitionId{0}}};
  const auto consumer = open_consumer(mock.config());
  ASSERT_TRUE(consumer->assign({{{"t", PartitionId{0}}, Offset{0}}}));
  for (const char* expected : {"0", "1"}) {
    const auto event = consumer->poll(kPatience);
    ASSERT_TRUE(event && std::holds_alternative<Message>(*event));
    EXPECT_EQ(std::get<Message>(*event).value, expected);
  }
  ASSERT_TRUE(consumer->pause(partitions));
  const auto nothing = consumer->poll(milliseconds(100));
  EXPECT_TRUE(nothing && std::holds_alternative<std::monostate>(*nothing));
  ASSERT_TRUE(consumer->resume(partitions));
  EXPECT_THAT(read_to_end(*consumer), ElementsAre("2", "3"));
}

// The end of a partition is told with the next offset, at which no record is yet: it is no position behind a record.
TEST(ConsumerTest, APausedPartitionMissesNothingBehindItsEnd) {
  MockCluster mock;
  mock.create_topic("t", 2);
  const std::vector<TopicPartition> partitions = {{"t", PartitionId{0}}, {"t", PartitionId{1}}};
  const auto consumer = open_consumer(mock.config());
  ASSERT_TRUE(consumer->assign({{partitions[0], Offset{0}}, {partitions[1], Offset{0}}}));
  MessageBatch batch;
  std::map<TopicPartition, Offset> next;
  for (int round = 0; round < 8; ++round) {
    produce(mock, {{.topic = "t", .partition = PartitionId{0}, .value = "v"},
                   {.topic = "t", .partition = PartitionId{1}, .value = "v"}});
    std::set<TopicPartition> open(partitions.begin(), partitions.end());
    while (!open.empty()) {
      ASSERT_TRUE(consumer->read_batch(batch, 100, kPatience));
      ASSERT_FALSE(batch.is_empty());
      for (const Message& message : batch.messages()) {
        Offset& expected = next[{message.topic, message.partition}];
        ASSERT_EQ(message.offset, expected);
        expected = message.offset + 1;
      }
      for (const PartitionEnd& end : batch.ends()) {
        if (end.offset == Offset{round + 1}) open.erase(end.partition);
      }
    }
    for (const TopicPartition& partition : partitions) ASSERT_EQ(next[partition], Offset{round + 1});
    ASSERT_TRUE(consumer->pause(partitions));
    ASSERT_TRUE(consumer->resume(partitions));
  }
}

TEST(ConsumerTest, TheDestructorCallsNoListener) {
  MockCluster mock;
  const ClientConfig config = group_of_topic(mock, 1);
  const std::vector<std::string> topics = {"t"};
  int assigned = 0, revoked = 0;
  auto consumer = open_consumer(config);
  ASSERT_TRUE(consumer->subscribe(topics, {.on_assigned = [&](std::span<const TopicPartition>) { ++assigned; },
                                           .on_revoked = [&](std::span<const TopicPartition>, bool) { ++revoked; }}));
  EXPECT_EQ(read_to_end(*consumer).size(), 1u);
  EXPECT_EQ(assigned, 1);
  consumer.reset();
  EXPECT_EQ(revoked, 0);
}

TEST(ConsumerTest, AGroupNeedsAName) {
  const MockCluster mock;
  const std::vector<std::string> topics = {"t"};
  const auto subscribed = open_consumer(mock.config())->subscribe(topics);
  ASSERT_FALSE(subscribed);
  EXPECT_THAT(subscribed.error().message, HasSubstr("group.id is not set"));
}

TEST(ConsumerTest, WhatPassesIsPassedOver) {
  MockCluster mock;
  mock.create_topic("t", 1);
  produce(mock, numbered("t", 2));
  const auto consumer = open_consumer(mock.config());
  mock.fail_next(kFetchKey, {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR__TRANSPORT});
  ASSERT_TRUE(consumer->assign({{{"t", 0}, 0}}));
  EXPECT_THAT(read_to_end(*consumer), ElementsAre("0", "1"));
}

TEST(ConsumerTest, WhatDoesNotPassIsSaid) {
  MockCluster mock;
  mock.create_topic("t", 1);
  produce(mock, numbered("t", 2));
  const auto consumer = open_consumer(mock.config());
  mock.fail_next(kFetchKey, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  ASSERT_TRUE(consumer->assign({{{"t", 0}, 0}}));
  const auto event = consumer->poll(kPatience);
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().code, ErrorCode::kUnauthorized);
}

TEST(ConsumerTest, ReadsOnAfterABrokerWasAway) {
  MockCluster mock;
  mock.create_topic("t", 1);
  produce(mock, numbered("t", 2));
  const auto consumer = open_consumer(mock.config());
  ASSERT_TRUE(consumer->assign({{{"t", 0}, 0}}));
  EXPECT_EQ(read_to_end(*consumer).size(), 2u);
  mock.set_down(1);
  const auto nothing = consumer->poll(milliseconds(200));
  EXPECT_TRUE(nothing && std::holds_alternative<std::monostate>(*nothing));
  mock.set_up(1);
  produce(mock, {{.topic = "t", .partition = 0, .value = "later"}});
  const auto event = consumer->poll(kPatience);
  ASSERT_TRUE(event && std::holds_alternative<Message>(*event));
  EXPECT_EQ(std::get<Message>(*event).value, "later");
}

TEST(ConsumerTest, NobodyThereIsSaid) {
  std::string address;
  {
    const MockCluster gone;
    address = gone.bootstrap_servers();
  }
  ClientConfig config;
  config.set("bootstrap.servers", address);
  const auto partitions = open_consumer(config)->partitions_of("t", std::chrono::minutes(10));
  ASSERT_FALSE(partitions);
  EXPECT_EQ(partitions.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(partitions.error().message, HasSubstr("no broker at " + address + " answered within"));
}

}  // namespace
}  // namespace omashu::kafka
