// Records through a real Kafka: transactions, groups, times, and a broker that is killed in between.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "kafka/admin.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "real/support/run_command.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using kafka::ConsumerEvent;
using kafka::Message;
using kafka::Offset;
using kafka::PartitionEnd;
using kafka::TopicPartition;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr milliseconds kPatience{60'000};

kafka::ClientConfig config_for(const KafkaBroker& broker,
                               std::initializer_list<std::pair<const char*, std::string>> properties = {}) {
  kafka::ClientConfig config;
  config.set("bootstrap.servers", broker.bootstrap_server());
  for (const auto& [name, value] : properties) config.set(name, value);
  return config;
}

std::string make_topic(const KafkaBroker& broker, kafka::NewTopic topic) {
  auto admin = kafka::Admin::open(config_for(broker), kPatience);
  EXPECT_TRUE(admin);
  const auto made = (*admin)->create_topics(std::span(&topic, 1), false).at(0);
  EXPECT_TRUE(made) << made.error().message;
  const auto ready = (*admin)->wait_until_ready(std::span(&topic.name, 1), kPatience);
  EXPECT_TRUE(ready) << ready.error().message;
  return topic.name;
}

std::unique_ptr<kafka::Consumer> open_consumer(const kafka::ClientConfig& config) {
  auto consumer = kafka::Consumer::open(config);
  EXPECT_TRUE(consumer) << consumer.error().message;
  return std::move(*consumer);
}

void produce(const KafkaBroker& broker, std::vector<kafka::Record> records) {
  auto producer = kafka::Producer::open(config_for(broker));
  ASSERT_TRUE(producer);
  for (kafka::Record& record : records) {
    ASSERT_TRUE((*producer)->send(std::move(record), [](const auto& result) { EXPECT_TRUE(result); }));
  }
  const auto flushed = (*producer)->flush(kPatience);
  EXPECT_TRUE(flushed) << flushed.error().message;
}

// All messages up to the end of the one partition that is read; `end` is where it is.
std::vector<Message> read_to_end(kafka::Consumer& consumer, Offset* end = nullptr) {
  std::vector<Message> messages;
  for (;;) {
    auto events = consumer.poll_batch(1'000, kPatience);
    if (!events || events->empty()) {
      ADD_FAILURE() << (events ? "nothing came" : events.error().message);
      return messages;
    }
    for (ConsumerEvent& event : *events) {
      if (auto* message = std::get_if<Message>(&event)) messages.push_back(std::move(*message));
      if (const auto* found = std::get_if<PartitionEnd>(&event)) {
        if (end != nullptr) *end = found->offset;
        return messages;
      }
    }
  }
}

TEST(KafkaRecordsTest, MarkersOfTransactionsDoNotHideTheEnd) {
  KafkaBroker& broker = shared_kafka();
  const std::string topic = make_topic(broker, {.name = unique_name("transactions")});
  const CommandResult sent =
      broker.tool("org.apache.kafka.tools.ProducerPerformance",
                  {"--topic", topic, "--num-records", "50", "--record-size", "10", "--throughput", "-1",
                   "--transactional-id", topic, "--transaction-duration-ms", "10000"});
  ASSERT_EQ(sent.exit_code, 0) << sent.out << sent.err;
  for (const char* isolation : {"read_committed", "read_uncommitted"}) {
    const auto consumer = open_consumer(config_for(broker, {{"isolation.level", isolation}}));
    const TopicPartition partition{topic, 0};
    const auto watermarks = consumer->watermarks(partition, kPatience);
    ASSERT_TRUE(watermarks) << watermarks.error().message;
    EXPECT_GT(watermarks->high, 50) << "the marker has an offset too";
    ASSERT_TRUE(consumer->assign({{partition, watermarks->low}}));
    Offset end = -1;
    EXPECT_EQ(read_to_end(*consumer, &end).size(), 50u);
    EXPECT_EQ(end, watermarks->high);
  }
}

TEST(KafkaRecordsTest, ARecordWithoutAKeyIsRefusedByACompactedTopic) {
  KafkaBroker& broker = shared_kafka();
  const std::string topic =
      make_topic(broker, {.name = unique_name("compacted"), .configs = {{"cleanup.policy", "compact"}}});
  auto producer = kafka::Producer::open(config_for(broker));
  Result<kafka::RecordMetadata> result = fail(ErrorCode::kInternal, "no report");
  ASSERT_TRUE((*producer)->send({.topic = topic, .value = "v"}, [&](const auto& delivered) { result = delivered; }));
  ASSERT_TRUE((*producer)->flush(kPatience));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(result.error().message, HasSubstr("topic " + topic + ": INVALID_RECORD: "));
  // In the broker's own words: "Compacted topic cannot accept message without key …" of Kafka.
  EXPECT_THAT(result.error().message, testing::ContainsRegex("[Cc]ompacted topic .*without (a )?key"));
}

TEST(KafkaRecordsTest, EachRecordOfABatchIsToldWhyItWasRefused) {
  KafkaBroker& broker = shared_kafka();
  const std::string topic =
      make_topic(broker, {.name = unique_name("refused"), .configs = {{"cleanup.policy", "compact"}}});
  kafka::ClientConfig config = config_for(broker);
  config.properties.emplace_back("linger.ms", "1000");
  auto producer = kafka::Producer::open(config);
  std::vector<std::string> errors(20);
  for (size_t i = 0; i < errors.size(); ++i) {
    kafka::Record record{.topic = topic, .value = "v"};
    if (i % 2 == 1) record.key = "k";
    ASSERT_TRUE((*producer)->send(record, [&errors, i](const auto& delivered) {
      errors[i] = delivered ? "written" : delivered.error().message;
    }));
  }
  ASSERT_TRUE((*producer)->flush(kPatience));
  for (size_t i = 0; i < errors.size(); ++i) {
    // librdkafka's words are for those that stood in a batch with others that were wrong.
    EXPECT_THAT(errors[i],
                testing::ContainsRegex(i % 2 == 1 ? "part of a batch" : "[Cc]ompacted topic .*without (a )?key"));
  }
}

TEST(KafkaRecordsTest, FindsTheOffsetOfATime) {
  KafkaBroker& broker = shared_kafka();
  const std::string topic = make_topic(broker, {.name = unique_name("times")});
  constexpr int64_t kStartMs = 1'700'000'000'000;
  std::vector<kafka::Record> records;
  for (int i = 0; i < 10; ++i) {
    records.push_back({.topic = topic, .partition = 0, .value = "v", .timestamp_ms = kStartMs + i * 1000});
  }
  produce(broker, std::move(records));
  const auto consumer = open_consumer(config_for(broker));
  const std::vector<TopicPartition> partitions = {{topic, 0}};
  const auto offset_at = [&](int64_t time_ms) {
    const auto offsets = consumer->offsets_for_time(partitions, time_ms, kPatience);
    EXPECT_TRUE(offsets) << offsets.error().message;
    return offsets->at(partitions[0]);
  };
  EXPECT_EQ(offset_at(0), 0);
  EXPECT_EQ(offset_at(kStartMs + 3000), 3);
  EXPECT_EQ(offset_at(kStartMs + 3001), 4);
  EXPECT_EQ(offset_at(kStartMs + 60'000), kafka::kOffsetEnd);
}

TEST(KafkaRecordsTest, TheNextMemberGoesOnWhereTheLastCommitted) {
  KafkaBroker& broker = shared_kafka();
  const std::string topic = make_topic(broker, {.name = unique_name("group")});
  std::vector<kafka::Record> records;
  for (int i = 0; i < 5; ++i) records.push_back({.topic = topic, .value = std::to_string(i)});
  produce(broker, std::move(records));
  for (const char* strategy : {"range", "cooperative-sticky"}) {
    const kafka::ClientConfig config =
        config_for(broker, {{"group.id", topic + strategy}, {"partition.assignment.strategy", strategy}});
    const std::vector<std::string> topics = {topic};
    const auto first = open_consumer(config);
    ASSERT_TRUE(first->subscribe(topics));
    EXPECT_EQ(read_to_end(*first).size(), 5u);
    const auto committed = first->commit({{{topic, 0}, 3}});
    ASSERT_TRUE(committed) << committed.error().message;
    // The first has left, so the second waits for no session to time out.
    ASSERT_TRUE(first->close());
    const auto second = open_consumer(config);
    ASSERT_TRUE(second->subscribe(topics));
    const auto rest = read_to_end(*second);
    ASSERT_EQ(rest.size(), 2u);
    EXPECT_EQ(rest[0].value, "3");
    const std::vector<TopicPartition> partitions = {{topic, 0}};
    EXPECT_THAT(second->committed(partitions, kPatience).value(), ElementsAre(Pair(partitions[0], 3)));
  }
}

TEST(KafkaRecordsTest, ASecondMemberGetsItsShareAfterTheFirstCommitted) {
  KafkaBroker& broker = shared_kafka();
  const std::string topic = make_topic(broker, {.name = unique_name("shared"), .partitions = 2});
  produce(broker, {{.topic = topic, .partition = 0, .value = "a"}, {.topic = topic, .partition = 1, .value = "b"}});
  const kafka::ClientConfig config = config_for(broker, {{"group.id", topic}});
  const std::vector<std::string> topics = {topic};

  const auto first = open_consumer(config);
  std::map<TopicPartition, Offset> done;
  ASSERT_TRUE(first->subscribe(topics, {.on_revoked = [&](std::span<const TopicPartition>, bool is_lost) {
                                 EXPECT_FALSE(is_lost);
                                 const auto committed = first->commit(done);
                                 EXPECT_TRUE(committed) << committed.error().message;
                               }}));
  while (done.size() < 2) {
    const auto event = first->poll(kPatience);
    ASSERT_TRUE(event) << event.error().message;
    ASSERT_FALSE(std::holds_alternative<std::monostate>(*event));
    if (const auto* message = std::get_if<Message>(&*event)) done[{topic, message->partition}] = message->offset + 1;
  }

  const auto second = open_consumer(config);
  std::set<TopicPartition> of_second;
  ASSERT_TRUE(second->subscribe(
      topics, {.on_assigned = [&](std::span<const TopicPartition> p) { of_second.insert(p.begin(), p.end()); }}));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (of_second.empty() && std::chrono::steady_clock::now() < deadline) {
    for (kafka::Consumer* member : {first.get(), second.get()}) {
      const auto event = member->poll(milliseconds(20));
      ASSERT_TRUE(event) << event.error().message;
      EXPECT_FALSE(std::holds_alternative<Message>(*event)) << "what was committed came again";
    }
  }
  EXPECT_EQ(of_second.size(), 1u);
}

TEST(KafkaRecordsTest, NothingIsLostOrDoubledWhenTheBrokerIsKilled) {
  auto started = KafkaBroker::start();
  ASSERT_TRUE(started) << started.error().message;
  KafkaBroker& broker = **started;
  // Killed, not cut from power: what the page cache holds is there again.
  const std::string topic = make_topic(broker, {.name = "killed"});
  auto producer = kafka::Producer::open(config_for(broker));
  ASSERT_TRUE(producer);
  constexpr int kRecords = 2'000;
  int delivered = 0;
  const auto send = [&](int i) {
    return (*producer)->send({.topic = topic, .partition = 0, .value = std::to_string(i)},
                             [&](const auto& result) { delivered += result ? 1 : 0; });
  };
  for (int i = 0; i < kRecords / 2; ++i) ASSERT_TRUE(send(i));
  while (delivered == 0) (*producer)->poll(milliseconds(100));
  broker.kill9();
  for (int i = kRecords / 2; i < kRecords; ++i) ASSERT_TRUE(send(i));
  const auto waiting = (*producer)->flush(milliseconds(200));
  ASSERT_FALSE(waiting);
  EXPECT_THAT(waiting.error().message, HasSubstr("not delivered: "));

  const auto again = broker.start_again();
  ASSERT_TRUE(again) << again.error().message;
  const auto flushed = (*producer)->flush(std::chrono::minutes(3));
  ASSERT_TRUE(flushed) << flushed.error().message;
  EXPECT_EQ(delivered, kRecords);

  const auto consumer = open_consumer(config_for(broker));
  ASSERT_TRUE(consumer->assign({{{topic, 0}, 0}}));
  const std::vector<Message> messages = read_to_end(*consumer);
  ASSERT_EQ(messages.size(), static_cast<size_t>(kRecords));
  for (int i = 0; i < kRecords; ++i) ASSERT_EQ(messages[static_cast<size_t>(i)].value, std::to_string(i));
}

TEST(KafkaRecordsTest, AConsumerReadsOnAfterTheBrokerCameBack) {
  auto started = KafkaBroker::start();
  ASSERT_TRUE(started) << started.error().message;
  KafkaBroker& broker = **started;
  const std::string topic = make_topic(broker, {.name = "away"});
  produce(broker, {{.topic = topic, .value = "before"}});
  const auto consumer = open_consumer(config_for(broker));
  ASSERT_TRUE(consumer->assign({{{topic, 0}, 0}}));
  EXPECT_EQ(read_to_end(*consumer).size(), 1u);
  broker.kill9();
  const auto nothing = consumer->poll(milliseconds(500));
  EXPECT_TRUE(nothing && std::holds_alternative<std::monostate>(*nothing));
  const auto watermarks = consumer->watermarks({topic, 0}, seconds(1));
  ASSERT_FALSE(watermarks);
  EXPECT_EQ(watermarks.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(watermarks.error().message, HasSubstr(broker.bootstrap_server()));
  const auto again = broker.start_again();
  ASSERT_TRUE(again) << again.error().message;
  produce(broker, {{.topic = topic, .value = "after"}});
  const auto event = consumer->poll(kPatience);
  ASSERT_TRUE(event) << event.error().message;
  ASSERT_TRUE(std::holds_alternative<Message>(*event));
  EXPECT_EQ(std::get<Message>(*event).value, "after");
}

}  // namespace
}  // namespace omashu::real
