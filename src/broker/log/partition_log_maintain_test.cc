#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "broker/log/testing/log_fixture.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class LogMaintainTest : public LogFixture {
 public:
  // Segments of two batches each, which are a second apart.
  void append_segments(int count) {
    config.segment_bytes = 150;
    open();
    for (int i = 0; i < 2 * count; ++i) {
      append("v");
      now_ms += 1000;
    }
    ASSERT_THAT(files_with(".log"), SizeIs(count));
  }
  void maintain() { ASSERT_TRUE(log().maintain(now_ms)); }
  Offset log_start() { return log().offsets()->log_start_offset; }
  Offset log_end() { return log().offsets()->log_end_offset; }
};

TEST_F(LogMaintainTest, SegmentsOlderThanTheRetentionTimeGo) {
  append_segments(3);  // the newest of each: now - 5 s, now - 3 s, now - 1 s
  config.retention_ms = 3000;
  log().set_config(config);
  maintain();
  EXPECT_EQ(log_start(), Offset{2});
  EXPECT_THAT(files_with(".log"), ElementsAre("00000000000000000002.log", "00000000000000000004.log"));
  EXPECT_THAT(files_with("index"), ElementsAre("00000000000000000002.index", "00000000000000000002.timeindex",
                                               "00000000000000000004.index"));
  EXPECT_EQ(log().read(Offset{1}, {.max_bytes = 1000}).error, KafkaError::kOffsetOutOfRange);
  EXPECT_THAT(values(), SizeIs(4));
  reopen_after_crash();
  EXPECT_EQ(log_start(), Offset{2});
  EXPECT_EQ(log_end(), Offset{6});
}

TEST_F(LogMaintainTest, WhereAllIsTooOldTheEndIsKept) {
  append_segments(3);
  config.retention_ms = 0;
  log().set_config(config);
  maintain();
  EXPECT_EQ(log_start(), Offset{6});
  EXPECT_EQ(log_end(), Offset{6});
  EXPECT_THAT(files_with(".log"), ElementsAre("00000000000000000006.log"));
  reopen_after_crash();
  EXPECT_EQ(log_start(), Offset{6});
  EXPECT_EQ(append("v").base_offset, Offset{6});
}

TEST_F(LogMaintainTest, SegmentsBeyondTheRetentionBytesGo) {
  append_segments(4);
  const auto bytes = static_cast<int64_t>(std::filesystem::file_size(folder() + "/00000000000000000000.log"));
  config.retention_bytes = 3 * bytes - 1;  // what is left may be more than this, never less
  log().set_config(config);
  maintain();
  EXPECT_EQ(log_start(), Offset{2});
  config.retention_bytes = 2 * bytes;
  log().set_config(config);
  maintain();
  EXPECT_EQ(log_start(), Offset{4});
}

TEST_F(LogMaintainTest, RecordsWithoutATimestampAgeWithTheirFile) {
  open();
  ASSERT_EQ(append_batch(RecordBatchBuilder(-1).add(std::nullopt, "v", -1).build()).error, KafkaError::kNone);
  config.retention_ms = 10'000;
  log().set_config(config);
  now_ms += 10'000;
  maintain();
  EXPECT_EQ(log_start(), Offset{0});
  now_ms += 1;
  maintain();
  EXPECT_EQ(log_start(), Offset{1});
}

TEST_F(LogMaintainTest, ACompactedLogKeepsWhatIsOld) {
  config.is_compacted = true;
  config.is_deleted = false;
  config.retention_ms = 0;
  config.retention_bytes = 0;
  open();
  ASSERT_EQ(append_batch(RecordBatchBuilder(1).add("k", "v", 1).build()).error, KafkaError::kNone);
  maintain();
  EXPECT_EQ(log_start(), Offset{0});
}

TEST_F(LogMaintainTest, AnOldActiveSegmentIsClosedWithoutAnAppend) {
  config.segment_ms = 10'000;
  open();
  append("v");
  now_ms += 9'999;
  maintain();
  EXPECT_THAT(files_with(".log"), SizeIs(1));
  now_ms += 1;
  maintain();
  EXPECT_THAT(files_with(".log"), ElementsAre("00000000000000000000.log", "00000000000000000001.log"));
  maintain();
  EXPECT_THAT(files_with(".log"), SizeIs(2));
  reopen_after_crash();
  EXPECT_EQ(append("w").base_offset, Offset{1});
}

TEST_F(LogMaintainTest, OfACompactedLogAlsoWhenItsLagIsUp) {
  config.is_compacted = true;
  config.max_compaction_lag_ms = 100;
  open();
  ASSERT_EQ(append_batch(RecordBatchBuilder(1).add("k", "v", 1).build()).error, KafkaError::kNone);
  now_ms += 100;
  maintain();
  EXPECT_THAT(files_with(".log"), SizeIs(2));
}

TEST_F(LogMaintainTest, DeletedRecordsDoNotComeBack) {
  append_segments(3);
  const auto deleted = log().delete_records(Offset{3}, now_ms);
  EXPECT_EQ(deleted.error, KafkaError::kNone);
  EXPECT_EQ(deleted.low_watermark, Offset{3});
  EXPECT_THAT(values(), ElementsAre("3:v", "4:v", "5:v"));
  EXPECT_THAT(files_with(".log"), SizeIs(2));
  reopen_after_crash();
  EXPECT_EQ(log_start(), Offset{3});
  EXPECT_EQ(log().read(Offset{2}, {.max_bytes = 1000}).error, KafkaError::kOffsetOutOfRange);
  EXPECT_EQ(log().delete_records(Offset{1}, now_ms).low_watermark, Offset{3});
}

TEST_F(LogMaintainTest, AllRecordsCanBeDeleted) {
  append_segments(2);
  EXPECT_EQ(log().delete_records(Offset{5}, now_ms).error, KafkaError::kOffsetOutOfRange);
  EXPECT_EQ(log().delete_records(Offset{-2}, now_ms).error, KafkaError::kOffsetOutOfRange);
  EXPECT_EQ(log().delete_records(PartitionLog::kToHighWatermark, now_ms).low_watermark, Offset{4});
  EXPECT_THAT(files_with(".log"), ElementsAre("00000000000000000004.log"));
  reopen_after_crash();
  EXPECT_EQ(append("v").base_offset, Offset{4});
  EXPECT_EQ(log_start(), Offset{4});
}

TEST_F(LogMaintainTest, AReaderKeepsTheSegmentThatGoes) {
  append_segments(2);
  const ReadResult before = log().read(Offset{0}, {.max_bytes = 1000});
  ASSERT_EQ(log().delete_records(Offset{4}, now_ms).error, KafkaError::kNone);
  EXPECT_THAT(values_of(before), ElementsAre("0:v", "1:v"));
}

TEST_F(LogMaintainTest, AProducerIsForgottenAfterADay) {
  open();
  append_of_producer(ProducerId{9}, 0, {"a"});
  append_of_producer(ProducerId{10}, 0, {"a"});
  now_ms += 86'400'000;
  append_of_producer(ProducerId{9}, 1, {"b"});
  maintain();
  EXPECT_EQ(append_of_producer(ProducerId{10}, 7, {"b"}).error, KafkaError::kOutOfOrderSequenceNumber);
  now_ms += 1;
  maintain();
  EXPECT_EQ(append_of_producer(ProducerId{10}, 7, {"b"}).error, KafkaError::kNone);
  EXPECT_EQ(append_of_producer(ProducerId{9}, 7, {"c"}).error, KafkaError::kOutOfOrderSequenceNumber);
}

TEST_F(LogMaintainTest, ALogThatWasNeverWrittenCanBeMaintained) {
  open();
  maintain();
  EXPECT_EQ(log().delete_records(Offset{0}, now_ms).low_watermark, Offset{0});
  EXPECT_FALSE(std::filesystem::exists(folder()));
}

}  // namespace
}  // namespace omashu::broker
