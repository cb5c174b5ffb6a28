#include "sink/retry_place.h"

#include <gtest/gtest.h>

namespace omashu::sink {
namespace {

kafka::Message in_retry(std::vector<kafka::Header> headers) {
  kafka::Message message;
  message.topic = "t.retry.1m";
  message.partition = kafka::PartitionId{1};
  message.offset = kafka::Offset{7};
  message.headers = std::move(headers);
  return message;
}

TEST(RetryPlace, ATopicMayHaveDashesInItsName) {
  const auto origin = parse_origin("status-download-2-41");
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->topic, "status-download");
  EXPECT_EQ(origin->partition, kafka::PartitionId{2});
  EXPECT_EQ(origin->offset, kafka::Offset{41});
  EXPECT_EQ(origin_text(*origin), "status-download-2-41");
}

TEST(RetryPlace, WhatIsNoPlaceIsNone) {
  for (const char* text : {"", "t", "t-1", "-1-2", "t-a-1", "t-1-", "t--1-2x", "t-1-99999999999999999999"}) {
    EXPECT_FALSE(parse_origin(text)) << text;
  }
}

TEST(RetryPlace, ARecordWithoutGoodHeadersIsWhereItWasReadAndDueAtOnce) {
  const kafka::Message good = in_retry({{"omashu.retry.origin", "t-0-5"}, {"omashu.retry.at", "1234"}});
  EXPECT_EQ(origin_text(origin_of_retry(good)), "t-0-5");
  EXPECT_EQ(retry_at_ms(good), 1234);
  const kafka::Message bad = in_retry({{"omashu.retry.origin", "nonsense"}, {"omashu.retry.at", std::nullopt}});
  EXPECT_EQ(origin_text(origin_of_retry(bad)), "t.retry.1m-1-7");
  EXPECT_EQ(retry_at_ms(bad), 0);
}

}  // namespace
}  // namespace omashu::sink
