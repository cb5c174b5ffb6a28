#include "cli/records/tail_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const kafka::TopicPartition kFirst{.topic = "t", .partition = 0};
const kafka::TopicPartition kSecond{.topic = "t", .partition = 1};

void add(TailRecords& records, const kafka::TopicPartition& partition, kafka::Offset offset, int64_t timestamp_ms) {
  kafka::Message message;
  message.topic = partition.topic;
  message.partition = partition.partition;
  message.offset = offset;
  message.timestamp_ms = timestamp_ms;
  records.add(message, std::to_string(partition.partition) + "-" + std::to_string(offset));
}

std::vector<std::string> texts(TailRecords& records) {
  std::vector<std::string> out;
  records.emit([&](const std::string& text) { out.push_back(text); });
  return out;
}

TEST(TailRecords, TheLastOnesInTheOrderOfTheirTimestamps) {
  TailRecords records(3);
  add(records, kFirst, 1, 10);
  add(records, kFirst, 2, 40);
  add(records, kSecond, 7, 20);
  add(records, kSecond, 8, 40);
  EXPECT_THAT(texts(records), ElementsAre("1-7", "0-2", "1-8"));
}

TEST(TailRecords, WhatIsReadLaterMayBeEarlier) {
  TailRecords records(2);
  add(records, kFirst, 5, 50);
  add(records, kFirst, 3, 30);
  add(records, kFirst, 4, 40);
  EXPECT_THAT(texts(records), ElementsAre("0-4", "0-5"));
}

TEST(TailRanges, GoBackWhereTooFewCame) {
  TailRecords gathered(2);
  TailRanges ranges({{kFirst, {.low = 0, .high = 100}}, {kSecond, {.low = 95, .high = 100}}}, 2);
  auto round = ranges.next(gathered);
  EXPECT_THAT(round.starts, ElementsAre(Pair(kFirst, 98), Pair(kSecond, 98)));
  EXPECT_THAT(round.ends, ElementsAre(Pair(kFirst, 100), Pair(kSecond, 100)));
  add(gathered, kFirst, 98, 1);
  add(gathered, kFirst, 99, 1);
  add(gathered, kSecond, 99, 1);  // 98 was compacted away
  round = ranges.next(gathered);
  EXPECT_THAT(round.starts, ElementsAre(Pair(kSecond, 95)));
  EXPECT_THAT(round.ends, ElementsAre(Pair(kSecond, 98)));
  EXPECT_TRUE(ranges.next(gathered).starts.empty()) << "nothing is left";
}

TEST(TailRanges, OfAnEmptyTopicThereIsNone) {
  EXPECT_TRUE(TailRanges({{kFirst, {.low = 3, .high = 3}}}, 5).next(TailRecords(5)).starts.empty());
}

}  // namespace
}  // namespace omashu::cli
