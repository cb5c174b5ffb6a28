// omashu::Sink on a real Kafka and a real registry.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "omashu/sink.h"
#include "omashu/typed_consumer.h"
#include "omashu/typed_producer.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SinkApiTest : public ::testing::Test {
 protected:
  SinkApiTest() : topic_(make_topic({.name = unique_name("sink-api"), .partitions = 1, .is_compacted = false})) {
    options_.bootstrap_servers = shared_kafka().bootstrap_server();
    options_.registry_urls = {shared_registry().url()};
  }

  void send(const std::vector<std::string>& values) {
    auto producer = TypedProducer::open(options_, topic_, PayloadFormat::plain_text(), PayloadFormat::plain_text());
    ASSERT_TRUE(producer) << producer.error().message;
    for (const std::string& value : values) ASSERT_TRUE(producer->send({.key = "k", .value = value}));
    ASSERT_TRUE(producer->flush());
  }

  // Runs a sink until `handler` asks for a stop.
  Result<void> run(SinkOptions sink_options, Sink::BatchHandler handler) {
    sink_options.group = topic_;
    sink_options.topics = {topic_};
    auto sink = Sink::open(options_, sink_options, std::move(handler));
    if (!sink) return fail(std::move(sink.error()));
    auto result = sink->run(stop_.get_token());
    stats_ = sink->stats();
    return result;
  }

  TypedRecord read_from(const std::string& topic) {
    auto consumer = TypedConsumer::open(options_, {.group = topic + "-reader", .topics = {topic}});
    EXPECT_TRUE(consumer);
    auto record = consumer->poll(60s);
    EXPECT_TRUE(record && record->has_value()) << "no record came";
    return record && *record ? **record : TypedRecord{};
  }

  const std::string topic_;
  ClientOptions options_;
  std::stop_source stop_;
  SinkStats stats_;
};

TEST_F(SinkApiTest, ABatchThatFailedComesAgainInItsOrder) {
  send({"a", "b", "c"});
  int calls = 0;
  std::vector<std::string> written;
  const auto ran = run({}, [&](std::span<const TypedRecord> batch) {
    if (++calls == 1) return BatchOutcome::try_again("the database is away");
    for (const TypedRecord& record : batch) written.push_back(*record.value);
    if (written.size() == 3) stop_.request_stop();
    return BatchOutcome::done();
  });
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_THAT(written, ElementsAre("a", "b", "c"));
  EXPECT_EQ(stats_.records, 3u);
}

TEST_F(SinkApiTest, ARejectedRecordIsSetAsideAloneWithItsReason) {
  const std::string dead = make_topic({.name = topic_ + ".dead", .is_compacted = false});
  send({"a", "bad", "c"});
  size_t seen = 0;
  const auto ran = run({.dead_letters = dead}, [&](std::span<const TypedRecord> batch) {
    std::vector<RejectedRecord> rejected;
    for (size_t i = 0; i < batch.size(); ++i) {
      if (batch[i].value == "bad") rejected.push_back({i, "it is bad"});
    }
    seen += batch.size();
    if (seen == 3) stop_.request_stop();
    return BatchOutcome::rejected(std::move(rejected));
  });
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(stats_.dead_letters, 1u);
  const TypedRecord letter = read_from(dead);
  EXPECT_EQ(letter.value, "bad");
  std::map<std::string, std::string> headers;
  for (const RecordHeader& header : letter.headers) headers[header.name] = header.value.value_or("");
  EXPECT_EQ(headers["__connect.errors.exception.message"], "it is bad");
  EXPECT_EQ(headers["__connect.errors.offset"], "1");
}

TEST_F(SinkApiTest, ARejectedRecordThatMayWaitComesAgainWithItsFirstPlaceWhileOthersGoOn) {
  const std::string dead = make_topic({.name = topic_ + ".dead", .is_compacted = false});
  make_topic({.name = topic_ + ".retry.1s", .is_compacted = false});
  send({"a", "later", "c"});
  std::vector<std::string> places;
  bool was_rejected = false;
  const auto ran = run({.dead_letters = dead, .retry_delays = {1s}}, [&](std::span<const TypedRecord> batch) {
    std::vector<RejectedRecord> rejected;
    for (size_t i = 0; i < batch.size(); ++i) {
      if (batch[i].value == "later" && !was_rejected) {
        was_rejected = true;
        rejected.push_back({i, "not yet"});
        continue;
      }
      places.push_back(*batch[i].value + "@" + batch[i].topic.substr(topic_.size()) + std::to_string(batch[i].offset));
    }
    if (places.size() == 3) stop_.request_stop();
    return BatchOutcome::rejected(std::move(rejected));
  });
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_THAT(places, ElementsAre("a@0", "c@2", "later@1"));
  EXPECT_EQ(stats_.retries, 1u);
  EXPECT_EQ(stats_.dead_letters, 0u);
}

TEST_F(SinkApiTest, WhatTheHandlerCannotGetOverEndsIt) {
  send({"a"});
  const auto ran = run({}, [](std::span<const TypedRecord>) { return BatchOutcome::stop("there is no such table"); });
  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().message, HasSubstr("there is no such table"));
}

}  // namespace
}  // namespace omashu::real
