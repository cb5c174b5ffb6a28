#include "kafka/newest_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kafka/mock_cluster.h"
#include "kafka/producer.h"

namespace omashu::kafka {
namespace {

using std::chrono::seconds;
using testing::IsEmpty;
using testing::SizeIs;

TEST(NewestRecords, AreThoseWithTheGreatestTimestampAmongTheLast) {
  MockCluster mock;
  mock.create_topic("t", 2);
  auto producer = Producer::open(mock.config());
  ASSERT_TRUE(producer);
  constexpr int64_t kBase_ms = 1'764'504'000'000;
  for (const int64_t after_ms : {1, 3, 2}) {
    Record record;
    record.topic = "t";
    record.partition = 0;
    record.value = "v";
    record.timestamp_ms = kBase_ms + after_ms;
    ASSERT_TRUE((*producer)->send(std::move(record), [](const auto& written) { EXPECT_TRUE(written); }));
  }
  ASSERT_TRUE((*producer)->flush(seconds(30)));
  auto consumer = Consumer::open(mock.config());
  ASSERT_TRUE(consumer);
  const auto newest = read_newest_records(
      **consumer, {{{"t", 0}, {.begin = 0, .end = 3}}, {{"t", 1}, {.begin = 0, .end = 0}}}, seconds(30));
  ASSERT_TRUE(newest) << newest.error().message;
  ASSERT_THAT(*newest, SizeIs(1));
  EXPECT_EQ(newest->at({"t", 0}).offset, 1);
  EXPECT_EQ(newest->at({"t", 0}).timestamp_ms, kBase_ms + 3);
  EXPECT_THAT(read_newest_records(**consumer, {}, seconds(30)).value(), IsEmpty());
}

}  // namespace
}  // namespace omashu::kafka
