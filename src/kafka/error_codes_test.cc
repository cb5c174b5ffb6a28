#include "kafka/error_codes.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

namespace omashu::kafka {
namespace {

TEST(ErrorCodesTest, MeanWhatACallerCanActOn) {
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART), ErrorCode::kNotFound);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC), ErrorCode::kNotFound);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS), ErrorCode::kAlreadyExists);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED), ErrorCode::kUnauthorized);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED), ErrorCode::kUnauthorized);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR_INVALID_CONFIG), ErrorCode::kInvalidArgument);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR_INVALID_RECORD), ErrorCode::kInvalidArgument);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID), ErrorCode::kConflict);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR__TRANSPORT), ErrorCode::kUnavailable);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR__TIMED_OUT), ErrorCode::kTimeout);
  EXPECT_EQ(meaning_of(RD_KAFKA_RESP_ERR_UNKNOWN), ErrorCode::kInternal);
}

TEST(ErrorCodesTest, WhatPassesIsUnavailable) {
  for (int code : {RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED, RD_KAFKA_RESP_ERR_NOT_CONTROLLER,
                   RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT}) {
    EXPECT_TRUE(is_passing(code)) << name_of(code);
    EXPECT_EQ(meaning_of(code), ErrorCode::kUnavailable) << name_of(code);
  }
  EXPECT_FALSE(is_passing(RD_KAFKA_RESP_ERR_INVALID_CONFIG));
  EXPECT_FALSE(is_passing(RD_KAFKA_RESP_ERR__TIMED_OUT));
}

TEST(ErrorCodesTest, KeepTheBrokersWords) {
  EXPECT_EQ(broker_error(RD_KAFKA_RESP_ERR_INVALID_CONFIG, "Unknown topic config name: no.such.key").message,
            "INVALID_CONFIG: Unknown topic config name: no.such.key");
  EXPECT_EQ(broker_error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "").message,
            "UNKNOWN_TOPIC_OR_PARTITION: Unknown topic or partition");
  EXPECT_EQ(broker_error(RD_KAFKA_RESP_ERR_INVALID_CONFIG, "two\nlines").message, "INVALID_CONFIG: two lines");
}

}  // namespace
}  // namespace omashu::kafka
