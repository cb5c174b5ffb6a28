// The public API against a real Kafka and a real registry, and the example that stands on it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "omashu/typed_consumer.h"
#include "omashu/typed_producer.h"
#include "real/support/http.h"
#include "real/support/run_command.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* kSchema = R"({"type":"record","name":"Status","fields":[
    {"name":"state","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING"]}},
    {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
    {"name":"reason","type":["null","string"],"default":null}]})";
constexpr const char* kKeySchema = R"({"type":"record","name":"Key","fields":[{"name":"omashuId","type":"string"}]})";
constexpr const char* kQueued = R"({"state":"QUEUED","at":"2026-01-02T03:04:05.678Z","reason":null})";

class TypedRecordsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.bootstrap_servers = shared_kafka().bootstrap_server();
    options_.registry_urls = {shared_registry().url()};
    const CommandResult created =
        shared_kafka().tool("org.apache.kafka.tools.TopicCommand",
                            {"--create", "--topic", topic_, "--partitions", "2", "--replication-factor", "1"});
    ASSERT_EQ(created.exit_code, 0) << ::testing::PrintToString(created);
  }

  TypedProducer open_producer(const PayloadFormat& key, const PayloadFormat& value) {
    auto producer = TypedProducer::open(options_, topic_, key, value);
    if (!producer) throw std::runtime_error(producer.error().message);
    return std::move(*producer);
  }

  TypedConsumer open_consumer() {
    auto consumer = TypedConsumer::open(options_, {.group = topic_ + "-group", .topics = {topic_}});
    if (!consumer) throw std::runtime_error(consumer.error().message);
    return std::move(*consumer);
  }

  static TypedRecord read(TypedConsumer& consumer) {
    auto record = consumer.poll(60s);
    EXPECT_TRUE(record.has_value()) << record.error().message;
    EXPECT_TRUE(record && record->has_value()) << "no record came";
    return record && *record ? **record : TypedRecord{};
  }

  const std::string topic_ = unique_name("typed");
  ClientOptions options_;
};

TEST_F(TypedRecordsTest, WhatIsSentIsRead) {
  TypedProducer producer = open_producer(PayloadFormat::avro(kKeySchema), PayloadFormat::avro(kSchema));
  const auto sent = producer.send_and_wait({.key = R"({"omashuId":"om-1"})",
                                            .value = R"({"at":1767323045678,"state":"QUEUED"})",
                                            .headers = {{"trace", "7"}, {"empty", std::nullopt}},
                                            .timestamp_ms = 1'700'000'000'000});
  ASSERT_TRUE(sent.has_value()) << sent.error().message;
  EXPECT_EQ(sent->topic, topic_);
  EXPECT_EQ(http_get(shared_registry().url() + "/subjects/" + topic_ + "-key/versions").body, "[1]");

  TypedConsumer consumer = open_consumer();
  const TypedRecord record = read(consumer);
  EXPECT_EQ(record.topic, topic_);
  EXPECT_EQ(record.partition, sent->partition);
  EXPECT_EQ(record.offset, sent->offset);
  EXPECT_EQ(record.timestamp_ms, 1'700'000'000'000);
  EXPECT_EQ(record.key, R"({"omashuId":"om-1"})");
  EXPECT_EQ(record.value, kQueued);
  ASSERT_EQ(record.headers.size(), 2u);
  EXPECT_EQ(record.headers[0].value, "7");
  EXPECT_EQ(record.headers[1].value, std::nullopt);
}

TEST_F(TypedRecordsTest, PlainKeysTombstonesAndTheLatestSchema) {
  {
    TypedProducer first = open_producer(PayloadFormat::plain_text(), PayloadFormat::avro(kSchema));
    ASSERT_TRUE(first.send({.key = "om-1", .value = kQueued}).has_value());
  }  // its destructor flushes
  TypedProducer producer = open_producer(PayloadFormat::plain_text(), PayloadFormat::latest());
  int delivered = 0;
  const auto count = [&](const Result<RecordPosition>& position) { delivered += position.has_value() ? 1 : 0; };
  ASSERT_TRUE(producer.send({.key = "om-1", .value = kQueued}, count).has_value());
  ASSERT_TRUE(producer.send({.key = "om-1"}, count).has_value());
  EXPECT_TRUE(producer.flush().has_value());
  EXPECT_EQ(delivered, 2);

  TypedConsumer consumer = open_consumer();
  EXPECT_EQ(read(consumer).value, kQueued);
  const TypedRecord second = read(consumer);
  EXPECT_EQ(second.key, "om-1");
  EXPECT_EQ(second.value, kQueued);
  EXPECT_EQ(read(consumer).value, std::nullopt) << "a tombstone";
}

TEST_F(TypedRecordsTest, AWrongRecordIsRefusedBeforeItIsSent) {
  TypedProducer producer = open_producer(PayloadFormat::plain_text(), PayloadFormat::avro(kSchema));
  const auto refused = producer.send_and_wait({.key = "k", .value = R"({"state":"LOST","at":0})"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr(topic_ + " value"));
  EXPECT_TRUE(producer.flush().has_value());
}

TEST_F(TypedRecordsTest, ARecordThatDoesNotDecodeIsToldAndLeftBehind) {
  TypedProducer plain = open_producer(PayloadFormat::plain_text(), PayloadFormat::plain_text());
  const std::string unknown_schema("\0\x7f\0\0\0x", 6);
  ASSERT_TRUE(plain.send_and_wait({.key = "k", .value = unknown_schema}).has_value());
  ASSERT_TRUE(plain.send_and_wait({.key = "k", .value = "text"}).has_value());
  {
    TypedConsumer consumer = open_consumer();
    const auto told = consumer.poll(60s);
    ASSERT_FALSE(told.has_value());
    EXPECT_EQ(told.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(told.error().message, HasSubstr("schema id 2130706432"));
    EXPECT_EQ(read(consumer).value, "text");
    EXPECT_TRUE(consumer.commit().has_value());
  }
  ASSERT_TRUE(plain.send_and_wait({.key = "k", .value = "later"}).has_value());
  TypedConsumer again = open_consumer();
  EXPECT_EQ(read(again).value, "later") << "the group goes on behind what it committed";
}

TEST_F(TypedRecordsTest, ARegistryThatIsAwayStopsTheReaderInsteadOfLosingRecords) {
  auto registry = SchemaRegistryServer::start();
  ASSERT_TRUE(registry) << registry.error().message;
  options_.registry_urls = {(*registry)->url()};
  TypedProducer producer = open_producer(PayloadFormat::plain_text(), PayloadFormat::avro(kSchema));
  ASSERT_TRUE(producer.send_and_wait({.key = "k", .value = kQueued}).has_value());
  options_.timeout = 1s;
  TypedConsumer consumer = open_consumer();
  (*registry)->freeze();
  const auto stopped = consumer.poll(60s);
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, ErrorCode::kTimeout) << stopped.error().message;
  (*registry)->thaw();
  // A look-up that failed is remembered for a moment.
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  auto record = consumer.poll(60s);
  while (!record && std::chrono::steady_clock::now() < deadline) record = consumer.poll(60s);
  ASSERT_TRUE(record.has_value() && record->has_value());
  EXPECT_EQ((*record)->value, kQueued);
}

TEST_F(TypedRecordsTest, TheExampleRuns) {
  const CommandResult run =
      run_command({OMASHU_TYPED_RECORDS_EXAMPLE, shared_kafka().bootstrap_server(), shared_registry().url(), topic_});
  EXPECT_EQ(run.exit_code, 0) << ::testing::PrintToString(run);
  EXPECT_THAT(run.out, HasSubstr("sent " + topic_ + "-"));
  EXPECT_THAT(run.out, HasSubstr(R"(read om-1 {"state":"RUNNING","bytes":1024})"));
}

}  // namespace
}  // namespace omashu::real
