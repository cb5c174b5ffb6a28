#include "sink/set_aside.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sink/testing/recording_producer.h"

namespace omashu::sink {
namespace {

using kafka::Offset;
using kafka::PartitionId;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::RecordingProducer;

kafka::Message message_in(const std::string& topic, Offset offset) {
  kafka::Message message;
  message.topic = topic;
  message.partition = PartitionId{1};
  message.offset = offset;
  message.key = "k";
  message.value = "v";
  return message;
}

std::string header(const kafka::Record& record, std::string_view name) {
  for (const kafka::Header& candidate : record.headers) {
    if (candidate.name == name) return candidate.value.value_or("null");
  }
  return "";
}

class SetAsideTest : public ::testing::Test {
 protected:
  SetAside make(std::optional<std::string> dead_letters, std::vector<std::chrono::milliseconds> delays = {}) {
    auto producer = std::make_unique<RecordingProducer>();
    producer_ = producer.get();
    return SetAside({.sink = "archive",
                     .kind = "file",
                     .topics = {"t"},
                     .dead_letters = std::move(dead_letters),
                     .delays = std::move(delays),
                     .now_ms = [] { return int64_t{1'000'000}; }},
                    std::move(producer));
  }

  WriteResult send(SetAside& set_aside, const kafka::Message& message, FailedStage stage = FailedStage::kTaskPut) {
    const RecordOrigin origin = set_aside.is_retry_topic(message.topic)
                                    ? origin_of_retry(message)
                                    : RecordOrigin{message.topic, message.partition, message.offset};
    const SetAside::Item item{&message, origin, stage, &reason_};
    return set_aside.send(std::span(&item, 1));
  }

  // What was sent last, as it is read from its topic.
  kafka::Message last(Offset offset) {
    kafka::Message message = message_in(producer_->sent.back().topic, offset);
    message.headers = producer_->sent.back().headers;
    return message;
  }

  const Error reason_{ErrorCode::kInvalidArgument, "the row is too long", std::nullopt};
  RecordingProducer* producer_ = nullptr;
};

TEST_F(SetAsideTest, WithoutDeadLettersTheSinkStopsAndNamesTheRecord) {
  SetAside set_aside = make(std::nullopt);
  const auto sent = send(set_aside, message_in("t", Offset{7}));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, WriteFailure::Kind::kStop);
  EXPECT_EQ(sent.error().error.message,
            "t-1-7 cannot be written: the row is too long; with --dead-letters TOPIC such records are set aside");
}

TEST_F(SetAsideTest, ARecordIsSentOnceHoweverOftenItsBatchIsWritten) {
  SetAside set_aside = make("dead");
  EXPECT_TRUE(send(set_aside, message_in("t", Offset{7})));
  EXPECT_TRUE(send(set_aside, message_in("t", Offset{7})));
  EXPECT_EQ(producer_->sent.size(), 1u);
  EXPECT_EQ(set_aside.dead_letter_count(), 1u);
  EXPECT_EQ(header(producer_->sent[0], kErrorConnectorHeader), "archive");
  set_aside.forget_before({{{"t", PartitionId{1}}, Offset{8}}});
  EXPECT_TRUE(send(set_aside, message_in("t", Offset{7})));
  EXPECT_EQ(producer_->sent.size(), 2u) << "the position was set back: it is a new failure";
}

TEST_F(SetAsideTest, BrokersThatAreAwayAreTriedAgainAndARefusalStops) {
  SetAside set_aside = make("dead");
  producer_->next_failure = Error{ErrorCode::kTimeout, "no broker", std::nullopt};
  const auto away = send(set_aside, message_in("t", Offset{7}));
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().kind, WriteFailure::Kind::kTryAgain);
  EXPECT_TRUE(send(set_aside, message_in("t", Offset{7})));
  producer_->next_failure = Error{ErrorCode::kUnauthorized, "TOPIC_AUTHORIZATION_FAILED", std::nullopt};
  const auto refused = send(set_aside, message_in("t", Offset{8}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, WriteFailure::Kind::kStop);
}

TEST_F(SetAsideTest, ARefusedRecordGoesThroughTheRetryTopicsToTheDeadLetters) {
  SetAside set_aside = make("dead", {minutes(1), minutes(10)});
  EXPECT_THAT(set_aside.retry_topics(), ElementsAre("t.retry.10m", "t.retry.1m"));
  ASSERT_TRUE(send(set_aside, message_in("t", Offset{7})));
  EXPECT_EQ(producer_->sent.back().topic, "t.retry.1m");
  EXPECT_EQ(header(producer_->sent.back(), kRetryOriginHeader), "t-1-7");
  EXPECT_EQ(header(producer_->sent.back(), kRetryAtHeader), "1060000");
  ASSERT_TRUE(send(set_aside, last(Offset{0})));
  EXPECT_EQ(producer_->sent.back().topic, "t.retry.10m");
  EXPECT_EQ(header(producer_->sent.back(), kRetryAtHeader), "1600000");
  ASSERT_TRUE(send(set_aside, last(Offset{0})));
  EXPECT_EQ(producer_->sent.back().topic, "dead");
  EXPECT_EQ(header(producer_->sent.back(), kErrorOffsetHeader), "7") << "of where it was written first";
  EXPECT_EQ(set_aside.retry_count(), 2u);
  EXPECT_EQ(set_aside.dead_letter_count(), 1u);
}

TEST_F(SetAsideTest, WhatDoesNotDecodeIsNotTriedAgain) {
  SetAside set_aside = make("dead", {minutes(1)});
  ASSERT_TRUE(send(set_aside, message_in("t", Offset{7}), FailedStage::kValueConverter));
  EXPECT_EQ(producer_->sent.back().topic, "dead");
}

}  // namespace
}  // namespace omashu::sink
